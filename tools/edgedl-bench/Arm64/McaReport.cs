using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeDL.Bench.Arm64;

/// <summary>What llvm-mca says of a loop on a core.</summary>
/// <param name="Cycles">Of a turn, with many turns in flight.</param>
/// <param name="Bound">Cycles that the multiplies alone keep their pipes busy.</param>
/// <param name="Limit">What the turn's time goes to.</param>
sealed partial record McaReport(double Cycles, double Bound, string Limit)
{
    const int Turns = 500;
    const double Busy = 0.95;

    public double Share => Bound / Cycles;

    public static McaReport Of(ArmLoop loop, string core)
    {
        var whole = Run(loop.Lines, core);
        var cycles = Number(Total().Match(whole)) / Turns;
        var bound = Number(Throughput().Match(Run(loop.Multiplies, core)));
        var (unit, pressure) = Busiest(whole);
        var limit = pressure >= Busy * cycles ? unit
            : Number(Throughput().Match(whole)) >= Busy * cycles ? "width of issue"
            : core is "cortex-a53" or "cortex-a55" ? "order of issue and of results"
            : "latency";
        return new McaReport(cycles, bound, limit);
    }

    static string Run(IEnumerable<string> lines, string core) => Tool.Output(
        "llvm-mca", "llvm", "top:\n" + string.Join('\n', lines.Select(Assembly)) + "\n",
        "-march=aarch64", $"-mcpu={core}", "-mattr=+dotprod,+i8mm", $"-iterations={Turns}",
        "-instruction-info=0");

    // An address means nothing to an assembler; llvm-mca follows no branch.
    static string Assembly(string line) => Target().Replace(line, "$1top");

    static (string Unit, double Pressure) Busiest(string output)
    {
        var names = Unit().Matches(output).ToDictionary(
            m => m.Groups[1].Value, m => m.Groups[2].Value);
        var lines = output[output.IndexOf("pressure per iteration", StringComparison.Ordinal)..]
            .Split('\n');
        var heads = lines[1].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var cells = lines[2].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var best = ("", 0.0);
        for (var i = 0; i < heads.Length; i++)
        {
            var pressure = cells[i] == "-" ? 0 : Parse(cells[i]);
            if (pressure > best.Item2)
            {
                best = (names[heads[i][1..^1]], pressure);
            }
        }

        return best;
    }

    static double Number(Match match) => Parse(match.Groups[1].Value);

    static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Total Cycles: +(\d+)", RegexOptions.Multiline)]
    private static partial Regex Total();

    [GeneratedRegex(@"^Block RThroughput: ([\d.]+)", RegexOptions.Multiline)]
    private static partial Regex Throughput();

    [GeneratedRegex(@"^\[([\d.]+)\] +- (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Unit();

    [GeneratedRegex(@"^((?:b|b\.\w+|cbn?z|tbn?z)\t(?:.*, )?)(?:0x)?[0-9a-f]+(?: <.*>)?$")]
    private static partial Regex Target();
}
