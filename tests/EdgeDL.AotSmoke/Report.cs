namespace EdgeDL.AotSmoke;

/// <summary>Counts checks and prints those that fail.</summary>
sealed class Report
{
    int passed;
    int failed;

    public void Pass() => passed++;

    public void Fail(string what, string why)
    {
        failed++;
        Console.WriteLine($"FAILED {what}: {why}");
    }

    /// <summary>Prints the last line; returns the exit code.</summary>
    public int Close()
    {
        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
