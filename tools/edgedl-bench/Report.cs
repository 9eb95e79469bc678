using System.Text;
using EdgeDL.Host.Diagnosis;

namespace EdgeDL.Bench;

/// <summary>The measurements as Markdown.</summary>
static class Report
{
    public static string Text(MeasuredProgram program, List<ModelRow> rows, List<Limit> limits)
    {
        var text = new StringBuilder();
        text.AppendLine($"# {Processor.ModelName()}, {Environment.ProcessorCount} cores");
        text.AppendLine();
        text.AppendLine(
            $"Measured {DateTime.UtcNow:yyyy-MM-dd} by `edgedl-bench models` with "
            + $"`{Path.GetFileName(program.Path)}`; one process a model, random inputs, the "
            + "machine otherwise as it was.");
        text.AppendLine();
        text.AppendLine(
            "Kernels: " + string.Join(
                ", ", Processor.ChosenKernels().Select(k => $"{k.Family} {k.Row}")) + ".");
        text.AppendLine();
        Models(text, rows);
        text.AppendLine();
        text.AppendLine("| limit | measured | allowed | |");
        text.AppendLine("|---|--:|--:|---|");
        foreach (var limit in limits)
        {
            var verdict = limit.Holds ? "holds" : "**over**";
            text.AppendLine($"| {limit.What} | {limit.Measured} | {limit.Allowed} | {verdict} |");
        }

        return text.ToString();
    }

    static void Models(StringBuilder text, List<ModelRow> rows)
    {
        text.AppendLine(
            "| model | threads | median ms | p99 ms | GOP/s | M MACs | arena B | lower bound B "
            + "| packed B | file B | resident MB |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var row in rows)
        {
            text.AppendLine(
                $"| {row.Name} | {row.Threads} | {row.MedianMicroseconds / 1e3:0.000} "
                + $"| {row.P99Microseconds / 1e3:0.000} | {row.GigaOperations:0.0} "
                + $"| {row.Macs / 1e6:0.00} | {row.ArenaBytes} | {row.LowerBoundBytes} "
                + $"| {row.PackedBytes} | {row.FileBytes} | {row.ResidentBytes / 1e6:0.0} |");
        }
    }
}
