using ConsoleAppFramework;
using EdgeDL.Bench.Peak;
using EdgeDL.OnnxRuntime;

namespace EdgeDL.Bench.Compare;

sealed class CompareCommand
{
    /// <summary>Measure models beside ONNX Runtime, in turn, in this process.</summary>
    /// <param name="models">.edl, .tflite and .onnx files and directories; otherwise the published
    /// models under ../shared/assets or EDGEDL_ASSETS, and generated ones.</param>
    /// <param name="threads">-t, Thread counts, with commas.</param>
    /// <param name="seconds">-s, Seconds a row.</param>
    /// <param name="json">Print JSON instead of Markdown.</param>
    /// <param name="assert">Exit with 1 if a ratio is over its target, a cell with a target has no
    /// ratio, or answers differ; each is named.</param>
    /// <param name="output">-o, Markdown file; without models named it is
    /// tools/edgedl-bench/results/CPU-compare.md.</param>
    [Command("compare")]
    public int Compare(
        int[]? threads = null,
        double seconds = 2,
        bool json = false,
        bool assert = false,
        string? output = null,
        [Argument] params string[] models) => Exit.Guard(() =>
    {
        int[] counts = Checked(threads ?? [1, 2]);
        if (!(seconds > 0 && seconds <= 3600))
        {
            throw new BenchException(
                $"--seconds {seconds}: must be more than 0 and at most 3600", Exit.Usage);
        }

        List<BenchModel> list =
            models.Length > 0 ? ModelList.Named(models) : ModelList.Default(Say);
        string version = OrtVersion();
        CorePeaks peaks = CorePeaks.Measure(withMemory: false);
        var comparison = new Comparison(seconds);
        var rows = new List<CompareRow>();
        foreach (BenchModel model in list)
        {
            foreach (CompareRow row in comparison.Rows(model, counts))
            {
                rows.Add(row);
                Say(CompareReport.Cells(row.Beside(peaks)));
            }
        }

        peaks = peaks.Or(CorePeaks.Measure(withMemory: false));
        rows = rows.ConvertAll(row => row.Beside(peaks));

        string report = CompareReport.Text(version, peaks, seconds, rows);
        Console.WriteLine(json ? CompareJson.Text(version, peaks, seconds, rows) : report);
        output ??= models.Length == 0 ? ResultFile.Of("-compare") : null;
        if (output is not null)
        {
            ResultFile.Write(output, report);
            Say($"written to {output}");
        }

        List<string> failures = assert ? [.. rows.Select(r => r.Failure).OfType<string>()] : [];
        failures.ForEach(Say);
        return rows.Exists(r => r.IsRejected) ? Exit.Rejected
            : failures.Count > 0 ? Exit.CheckFailed
            : Exit.Ok;
    });

    static int[] Checked(int[] threads)
    {
        foreach (int count in threads)
        {
            if (count is < 1 or > 64)
            {
                throw new BenchException(
                    $"--threads {count}: must be from 1 to 64", Exit.Usage);
            }
        }

        return threads;
    }

    // Without the library each row says so, and ours is measured all the same.
    static string OrtVersion()
    {
        try
        {
            return OrtLibrary.Version;
        }
        catch (OrtException e)
        {
            Say(e.Message);
            return "(missing)";
        }
    }

    static void Say(string line) => Console.Error.WriteLine(line);
}
