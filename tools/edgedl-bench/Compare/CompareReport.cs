using System.Globalization;
using System.Text;
using EdgeDL.Bench.Peak;
using EdgeDL.Host.Diagnosis;

namespace EdgeDL.Bench.Compare;

/// <summary>The comparison as Markdown.</summary>
static class CompareReport
{
    const string LoadFile = "/proc/loadavg";
    const int LongestNote = 160;
    const double WorthSaying = 0.2;

    public static string Text(
        string ortVersion, CorePeaks peaks, double seconds, List<CompareRow> rows)
    {
        var text = new StringBuilder();
        text.AppendLine(
            $"# {Processor.ModelName()}, {Environment.ProcessorCount} cores: EdgeDL beside "
            + "ONNX Runtime");
        text.AppendLine();
        text.AppendLine(
            $"Measured {DateTime.UtcNow:yyyy-MM-dd} by `edgedl-bench compare`, {seconds:0.##}"
            + $" s a row: both in one process ({Runtime()}), in turn, block by block, on the same "
            + "random inputs; the first run of a block is not counted, nor, on one thread, are "
            + "runs that other programs interrupted, unless nearly all are such: then the time "
            + "counts that they had the core. Medians in microseconds." + Load());
        text.AppendLine();
        text.AppendLine(OrtSettings.Text(ortVersion));
        text.AppendLine();
        text.AppendLine(
            $"One core's measured peak: fp32 {Peaks(peaks.Float32)}; int8 "
            + $"{Peaks(peaks.Int8)}. GOP/s counts two operations a multiply-accumulate; the share "
            + "is of the threads' peak.");
        text.AppendLine();
        text.AppendLine(
            "The target is a ratio at most: a tenth below the best of four runtimes on a "
            + "Zen 4 core, over ONNX Runtime there.");
        text.AppendLine();
        text.AppendLine(
            "| model | type | threads | ours | p99 | ONNX Runtime | p99 | ratio | target "
            + "| GOP/s | of peak | its form | answers |");
        text.AppendLine("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|---|");
        foreach (CompareRow row in rows)
        {
            text.AppendLine(Cells(row));
        }

        Behind(text, rows.FindAll(row => row.Holds == false));
        return text.ToString();
    }

    static void Behind(StringBuilder text, List<CompareRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        text.AppendLine();
        text.AppendLine("Behind their targets, and where our time goes:");
        text.AppendLine();
        foreach (CompareRow row in rows)
        {
            text.AppendLine(
                $"- {row.Model}: {row.Ratio / row.Target!.Ratio:0.00} times the target. "
                + row.Profile);
        }
    }

    /// <summary>A row for people who watch.</summary>
    public static string Cells(CompareRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Model} | {row.DType} | {row.Threads} | {Time(row.Ours?.Median)} "
            + $"| {Time(row.Ours?.P99)} | {Time(row.Ort?.Median)} | {Time(row.Ort?.P99)} "
            + $"| {row.Ratio:0.000} | {Mark(row)} | {row.GigaOperations:0.0} "
            + $"| {row.ShareOfPeak:0 %} | {row.Form} | {Remark(row)} |");

    static string Mark(CompareRow row) => row.Target is not { } target ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{target.Ratio:0.###}")
            + (row.Holds switch { true => " holds", false => " **behind**", _ => "" });

    static string Remark(CompareRow row)
    {
        string note = row.Note ?? "";
        if (note.Length > LongestNote)
        {
            note = note[..LongestNote] + "…";
        }

        double interrupted = Math.Max(row.Ours?.Interrupted ?? 0, row.Ort?.Interrupted ?? 0);
        string busy = interrupted > WorthSaying ? $"{interrupted:0 %} of runs interrupted" : "";
        string remark = string.Join(
            ". ", new[] { row.Agreement?.Finding ?? "", note, busy }.Where(s => s.Length > 0));
        return remark.Replace("|", "\\|").ReplaceLineEndings(" ");
    }

    static string Time(double? microseconds) => microseconds is not { } us ? ""
        : us.ToString(us < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);

    static string Peaks(InstructionPeak[] peaks) => peaks.Length == 0 ? "not measured"
        : string.Join(", ", peaks.Select(p => string.Create(
            CultureInfo.InvariantCulture, $"{p.GigaOperations:0} (`{p.Instruction}`)")));

    // What else ran shows in the last 15 minutes' load.
    static string Load()
    {
        string[] words = File.Exists(LoadFile) ? File.ReadAllText(LoadFile).Split(' ') : [];
        return words.Length > 2
            ? $" The machine's load average was {words[2]} over the 15 minutes before the end."
            : "";
    }

    static string Runtime() =>
        System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported
            ? "under the JIT" : "NativeAOT";
}
