namespace EdgeDL.Bench;

/// <summary>The measurement cannot be made: a usage error, 2, or a rejected model, 4.</summary>
sealed class BenchException(string message, int code) : Exception(message)
{
    public int Code { get; } = code;
}

/// <summary>Exit codes, and how errors reach the user: one line, no stack trace.</summary>
static class Exit
{
    public const int Ok = 0;
    public const int CheckFailed = 1;
    public const int Usage = 2;
    public const int Rejected = 4;

    /// <summary>Whether the command line was good enough to begin.</summary>
    public static bool Entered { get; private set; }

    /// <summary>Runs a command's body; what it throws becomes one line and a code.</summary>
    public static int Guard(Func<int> body)
    {
        Entered = true;
        try
        {
            return body();
        }
        catch (BenchException e)
        {
            return Say(e, e.Code);
        }
        catch (EdgeDLException e)
        {
            return Say(e, Rejected);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(e, Usage);
        }
    }

    static int Say(Exception e, int code)
    {
        Console.Error.WriteLine($"edgedl-bench: {e.Message}");
        return code;
    }
}
