using System.Globalization;
using System.Text;
using ConsoleAppFramework;

namespace EdgeDL.Bench.Arm64;

sealed class McaCommand
{
    /// <summary>Of the bound that the multiplies set.</summary>
    const double Goal = 0.85;

    /// <summary>Judge the inner loops of Arm64 kernels by llvm-mca.</summary>
    /// <param name="program">A program for Arm64 built with KeepSymbols=true.</param>
    /// <param name="output">-o, Markdown file; otherwise
    /// tools/edgedl-bench/results/arm64-mca.md.</param>
    [Command("mca")]
    public int Mca([Argument] string program, string? output = null) => Exit.Guard(() =>
    {
        var listing = new ArmListing(program);
        var text = new StringBuilder(Introduction());
        foreach (var kernel in ArmKernel.All)
        {
            var loops = kernel.LoopsIn(listing)
                ?? throw new BenchException($"{program}: has no {kernel.Symbol}", Exit.Usage);
            for (var i = 0; i < loops.Count; i++)
            {
                AddRows(text, kernel, i == 0 ? kernel.Name : $"{kernel.Name}, rest", loops[i]);
            }
        }

        text.AppendLine();
        text.Append(Remarks);
        var path = output ?? Path.Combine("tools", "edgedl-bench", "results", "arm64-mca.md");
        ResultFile.Write(path, text.ToString());
        Console.Write(text);
        Console.WriteLine($"written to {path}");
        return Exit.Ok;
    });

    static void AddRows(
        StringBuilder text, ArmKernel kernel, string name, ArmLoop loop)
    {
        foreach (var core in kernel.Cores)
        {
            var mca = McaReport.Of(loop, core);
            text.AppendLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {core} | {loop.Lines.Count} | {loop.Multiplies.Count} "
                    + $"| {loop.Macs} | {mca.Cycles:0.0} | {mca.Bound:0.0} | {mca.Share:0 %}"
                    + $"{(mca.Share >= Goal ? "" : " **under**")} | {mca.Limit} |"));
        }
    }

    static string Introduction() => $"""
        # Arm64 kernels by llvm-mca

        Written by `edgedl-bench mca` ({Version()}) from the disassembly
        of a NativeAOT program: every innermost loop of every kernel that multiplies. No core was
        timed. Instructions, multiplies and MACs are of one turn; the bound is what the
        multiplies alone need of their pipes; the share is the bound over the
        cycles, and is to be {Goal:0 %} or more.

        | loop | core | instructions | multiplies | MACs | cycles | bound | share | limit |
        |---|---|--:|--:|--:|--:|--:|--:|---|

        """;

    static string Version() => Tool.Output("llvm-mca", "llvm", "", "--version")
        .Split('\n').First(line => line.Contains("version")).Trim();

    // What LLVM 14's models do was found by giving them such sequences alone.
    const string Remarks = """
        What the table says, and what it can't:

        - A rest is what is left of a depth that the loop above it takes in larger steps: a few
          turns a tile.
        - **In-order cores.** The model of cortex-a53 writes results in the order of the program: a
          load (4 cycles) behind an fmla (10) waits until the fmla is nearly done, also where
          nothing depends on it. 64 independent fmla and then 16 loads, the best order found and
          nothing else, take it 84 cycles, so 76 % is what an 8×8 fp32 tile could have there; 64
          smlal and 12 loads take 76: 84 %. Loads spread between multiplies, as an A53 itself likes
          them, cost more there, not less; so the loops load ahead, in few groups.
        - The compiler loads where the source says so but moves no load into the turn before; what
          a tile of the in-order cores is short of that bound is the wait for the first operands of
          a turn.
        - cortex-a76 and cortex-a72 both have LLVM 14's model of an A57, whose one load pipe and
          three instructions a cycle are fewer than an A76 has; it has no core with i8mm. So SMMLA's
          share says little, and its loop (emitted, no spill) is what the assembler was told.
        - cortex-a55's model takes two 128-bit sdot a cycle, which fill both slots of issue: with
          loads and the loop's own four instructions, 40 cycles (80 %) are the least for the tile.
        - **One row** (a matrix and a vector) loads a weight for each multiply and sums in few
          accumulators: bound by loads and by the multiply's latency, not by its pipe. Its sums'
          order is fixed, so that fp32 results keep their bits.
        - **Depthwise** loads a weight and an input for each multiply, and a tap's place: five loads
          for two fp32 multiplies on one load pipe, 40 % at most. A form that shares weights between
          positions, as AVX2's has, is not written for NEON.

        """;
}
