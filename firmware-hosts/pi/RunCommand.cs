using ConsoleAppFramework;
using EdgeDL.Devices.Media;
using EdgeDL.Execution;
using EdgeDL.Host.Measuring;

namespace EdgeDL.Pi;

sealed class RunCommand
{
    /// <summary>Run a model on pictures, sound or raw tensors.</summary>
    /// <param name="model">The .edl file.</param>
    /// <param name="input">-i, [NAME=]FILE, a directory, or - for standard input; once an
    /// input.</param>
    /// <param name="labels">-l, Class names, one a line; otherwise those in the model.</param>
    /// <param name="top">-k, Classes shown.</param>
    /// <param name="threshold">Least score of an object that is shown.</param>
    /// <param name="json">Print JSON.</param>
    /// <param name="output">-o, Directory for every output tensor, raw and little-endian.</param>
    /// <param name="draw">PNG file for the picture with its objects.</param>
    /// <param name="filter">Resizing of pictures: bilinear, area, triangle or nearest.</param>
    /// <param name="threads">-t, Threads to run on.</param>
    /// <param name="profile">Show the time of every node.</param>
    /// <param name="hash">When the SHA-256 of the weights is compared: full, before anything reads
    /// them; lazy, after the answers, which are void if it fails (exit code 4); or off. All else
    /// of the file is always checked first.</param>
    /// <param name="strict">Refuse a model whose weights are not packed for this CPU (exit code 4)
    /// instead of packing them: edgedl-pack convert --target.</param>
    /// <param name="debug">Print a stack trace on failure.</param>
    [Command("run")]
    public int Run(
        [Argument] string model,
        string input,
        string? labels = null,
        int top = 5,
        float threshold = 0.5f,
        bool json = false,
        string? output = null,
        string? draw = null,
        string filter = "bilinear",
        int threads = 1,
        bool profile = false,
        string hash = "full",
        bool strict = false,
        bool debug = false) => Guard.Run(debug, () =>
    {
        if (top < 1)
        {
            throw new UsageException($"--top {top}: give at least 1");
        }

        var options = new SessionOptions
        {
            Threads = ModelFile.CheckThreads(threads),
            RequirePackedWeights = strict,
        };
        var mode = HashModes.Parse(hash);
        using var loaded = ModelFile.Load(model, mode.Check());
        IReadOnlyList<string> names = labels is null ? loaded.Labels : LabelFile.Load(labels);
        using var session = new Session(loaded, options);
        if (session.Packing.Warning is { } warning)
        {
            Console.Error.WriteLine($"edgedl: {model}: {warning}");
        }

        var jobs = InputJobs.Parse(session, input.Split(Arguments.Separator), FilterOf(filter));
        var runner = new Runner(session, names, top, threshold, output, draw);
        var profiler = profile ? session.StartProfiling() : null;
        var answers = runner.RunAll(jobs);
        var nodes = profiler is null ? [] : ModelBenchmark.Times(session, profiler);
        if (json)
        {
            JsonOutput.Write(writer => AnswerOutput.Write(writer, model, answers, nodes));
        }
        else
        {
            AnswerOutput.Print(answers);
            NodeTable.Print(nodes, nodes.Length);
        }

        if (mode == HashMode.Lazy)
        {
            ModelFile.Verify(model, loaded);
        }

        return ExitCodes.Ok;
    });

    static ResizeFilter FilterOf(string name) => name.ToLowerInvariant() switch
    {
        "bilinear" => ResizeFilter.Bilinear,
        "area" => ResizeFilter.Area,
        "triangle" => ResizeFilter.Triangle,
        "nearest" => ResizeFilter.Nearest,
        _ => throw new UsageException(
            $"--filter {name}: give bilinear, area, triangle or nearest"),
    };
}
