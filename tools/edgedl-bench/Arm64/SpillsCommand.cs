using ConsoleAppFramework;

namespace EdgeDL.Bench.Arm64;

sealed class SpillsCommand
{
    /// <summary>Check that no inner loop of an Arm64 kernel reaches for the stack.</summary>
    /// <param name="program">A program for Arm64 built with KeepSymbols=true, or what objdump -d
    /// wrote of one.</param>
    [Command("spills")]
    public int Spills([Argument] string program) => Exit.Guard(() =>
    {
        var listing = new ArmListing(program);
        int failed = 0;
        foreach (var kernel in ArmKernel.All)
        {
            var findings = Findings(kernel, kernel.LoopsIn(listing));
            failed += findings.Count > 0 ? 1 : 0;
            findings.ForEach(f => Console.WriteLine($"FAILED {kernel.Name}: {f}"));
        }

        Console.WriteLine($"{ArmKernel.All.Length - failed} passed, {failed} failed");
        return failed == 0 ? Exit.Ok : Exit.CheckFailed;
    });

    static List<string> Findings(ArmKernel kernel, List<ArmLoop>? loops)
    {
        if (loops is null)
        {
            return [$"the program has no {kernel.Symbol}"];
        }

        var findings = new List<string>();
        if (loops.Count < kernel.Loops)
        {
            findings.Add($"{loops.Count} loop(s) that multiply; {kernel.Loops} were expected");
        }

        foreach (var loop in loops)
        {
            findings.AddRange(loop.Spills.Select(
                s => $"the loop at 0x{loop.Address:x} spills: {s.Replace('\t', ' ')}"));
        }

        return findings;
    }
}
