using System.Globalization;

namespace EdgeDL.Bench.Arm64.Counting;

/// <summary>Instructions of one inference, counted twice.</summary>
/// <param name="Each">By the later count.</param>
/// <param name="Apart">How far the earlier is from it, in instructions.</param>
sealed record Count(double Each, double Apart)
{
    /// <param name="counts">Two counts of as many inferences.</param>
    public static Count Of(long[] counts, int runs) => counts.Length == 2
        ? new Count((double)counts[1] / runs, Math.Abs((double)counts[0] - counts[1]) / runs)
        : throw new BenchException(
            "the program did not set three marks: publish it from this source", Exit.Usage);
}

/// <summary>A model on a core; what could not be counted is null.</summary>
sealed record CountRow
{
    public required string Model { get; init; }

    public required string DType { get; init; }

    public required ArmCore Core { get; init; }

    public long Macs { get; init; }

    public Count? Ours { get; init; }

    public Count? Ort { get; init; }

    /// <summary>The form of the model in which ONNX Runtime executes the fewest.</summary>
    public string Form { get; init; } = "";

    /// <summary>How its answers compare, or why something was not counted.</summary>
    public string Remark { get; init; } = "";

    /// <summary>A row of the table.</summary>
    public string Cells => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Model} | {DType} | {Core.Name} | {Millions(Ours)} | {Millions(Ort)} "
            + $"| {Ours?.Each / Ort?.Each:0.000} | {Macs / Ours?.Each:0.00} "
            + $"| {Macs / Ort?.Each:0.00} | {Form} | {Remark.Replace("|", "\\|")} |");

    static string Millions(Count? count) => count is null ? ""
        : (count.Each / 1e6).ToString("0.000", CultureInfo.InvariantCulture);
}
