using System.Globalization;
using System.Text;
using ConsoleAppFramework;
using EdgeDL.Bench.Compare;
using EdgeDL.Execution;
using EdgeDL.Graphs;

namespace EdgeDL.Bench.Arm64.Counting;

sealed class InstructionsCommand
{
    // Those with targets, and the published ones of their size.
    static readonly string[] defaults =
    [
        "ad_fp32", "ad_int8", "kws_fp32", "kws_int8", "ic_fp32", "ic_int8", "vww_fp32",
        "vww_int8", "mobilenet_v1_0.25_224_float", "mobilenet_v1_0.25_224_quant",
        "mobilenet_v1_1.0_224_quant_embedding_extractor", "mobilenet_v2_1.0_224_quant",
    ];

    /// <summary>Count the instructions of an inference on Arm64, ours and ONNX Runtime's, under
    /// qemu.</summary>
    /// <param name="program">An edgedl-bench for Arm64, with ONNX Runtime's library beside it:
    /// tools/build linux-arm64 edgedl-bench.</param>
    /// <param name="runs">-n, Inferences that are counted together.</param>
    /// <param name="output">-o, Markdown file; without models named it is
    /// tools/edgedl-bench/results/arm64-instructions.md.</param>
    /// <param name="models">.edl, .tflite and .onnx files and directories; otherwise published
    /// models under ../shared/assets or EDGEDL_ASSETS.</param>
    [Command("instructions")]
    public int Instructions(
        [Argument] string program,
        int runs = 2,
        string? output = null,
        [Argument] params string[] models) => Exit.Guard(() =>
    {
        if (!File.Exists(program))
        {
            throw new BenchException(
                $"{program}: does not exist; tools/build linux-arm64 edgedl-bench", Exit.Usage);
        }

        if (runs is < 1 or > 1000)
        {
            throw new BenchException(
                $"--runs {runs}: must be from 1 to 1000", Exit.Usage);
        }

        List<BenchModel> list = models.Length > 0 ? ModelList.Named(models)
            : ModelList.Default(Say).FindAll(m => defaults.Contains(m.Name));
        using var counter = new QemuCounter();
        var rows = new List<CountRow>();
        foreach (BenchModel model in list)
        {
            foreach (CountRow row in Rows(counter, program, model, runs))
            {
                rows.Add(row);
                Say(row.Cells);
            }
        }

        string report = Report(counter, rows);
        Console.Write(report);
        output ??= models.Length == 0
            ? Path.Combine("tools", "edgedl-bench", "results", "arm64-instructions.md") : null;
        if (output is not null)
        {
            ResultFile.Write(output, report);
            Say($"written to {output}");
        }

        return rows.TrueForAll(row => row.Ours is not null) ? Exit.Ok : Exit.CheckFailed;
    });

    static IEnumerable<CountRow> Rows(
        QemuCounter counter, string program, BenchModel source, int runs)
    {
        string file = Path.GetTempFileName();
        try
        {
            using Model model = source.Open();
            File.WriteAllBytes(file, model.ToBytes());
            string[] forms = [.. FormsOf(model)];
            foreach (ArmCore core in ArmCore.All)
            {
                var row = new CountRow
                {
                    Model = source.Name, DType = Arithmetic.Of(model), Core = core,
                    Macs = ModelAnalysis.Of(model).TotalMacs,
                };
                var job = new Job(counter, core, program, file, runs);
                yield return BesideOrt(job, Ours(job, row), forms);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    static IEnumerable<string> FormsOf(Model model)
    {
        try
        {
            return [.. OrtForm.Exported(model).Select(f => f.Name)];
        }
        catch (InvalidModelException)
        {
            // What ONNX can't say, ONNX Runtime can't run: the row says so.
            return [];
        }
    }

    /// <summary>What is run on which core, how often.</summary>
    sealed record Job(QemuCounter Counter, ArmCore Core, string Program, string File, int Runs)
    {
        public (string Output, Count Count) Count(params string[] more)
        {
            (string output, long[] counts) = Counter.Run(
                Core, Program, ["counted", File, "--runs", $"{Runs}", .. more]);
            return (output, Counting.Count.Of(counts, Runs));
        }
    }

    static CountRow Ours(Job job, CountRow row)
    {
        try
        {
            return row with { Ours = job.Count().Count };
        }
        catch (BenchException e)
        {
            return row with { Remark = $"ours: {e.Message}" };
        }
    }

    // Of the forms that give our answers, the one of the fewest instructions.
    static CountRow BesideOrt(Job job, CountRow row, string[] forms)
    {
        CountRow best = row;
        var problems = new List<string>();
        foreach (string form in forms)
        {
            try
            {
                (string output, Count count) = job.Count("--form", form);
                string finding = output.Split('\n')[0];
                if (!finding.StartsWith(CountedCommand.AgreeWord, StringComparison.Ordinal))
                {
                    problems.Add($"{form}: {finding}");
                }
                else if (best.Ort is null || count.Each < best.Ort.Each)
                {
                    string agrees = finding[CountedCommand.AgreeWord.Length..];
                    best = row with { Ort = count, Form = form, Remark = agrees };
                }
            }
            catch (BenchException e)
            {
                problems.Add($"{form}: {e.Message}");
            }
        }

        return best.Ort is not null ? best
            : forms.Length == 0 ? row with { Remark = $"{row.Remark} ONNX can't say it" }
            : row with { Remark = $"{row.Remark} {string.Join("; ", problems)}".Trim() };
    }

    static string Report(QemuCounter counter, List<CountRow> rows)
    {
        double apart = rows.SelectMany(r => new[] { r.Ours, r.Ort }).OfType<Count>()
            .Select(c => c.Apart / c.Each).DefaultIfEmpty().Max();
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # Instructions of an inference on Arm64

            Written by `edgedl-bench instructions`: NativeAOT programs for Arm64 under
            {counter.Version},
            whose plugin counts what the program executes between two marks, in millions. No core
            was timed: an instruction is no unit of time, and a core waits for memory beside.
            One thread; ONNX Runtime in the form of the fewest instructions among those that give
            our answers; both sides' inputs are filled anew before every inference. Every count was
            taken twice in a process; the two are at most {apart * 100:0.###} % apart.

            | core | qemu's `-cpu` | int8 by |
            |---|---|---|

            """));
        foreach (ArmCore core in ArmCore.All)
        {
            text.AppendLine($"| {core.Name} | `{core.Model}` | {core.Has} |");
        }

        text.AppendLine();
        text.AppendLine(
            "| model | type | core | ours | ONNX Runtime | ratio | MACs an instruction, ours "
                + "| and its | its form | answers |");
        text.AppendLine("|---|---|---|--:|--:|--:|--:|--:|---|---|");
        rows.ForEach(row => text.AppendLine(row.Cells));
        return text.ToString();
    }

    static void Say(string line) => Console.Error.WriteLine(line);
}
