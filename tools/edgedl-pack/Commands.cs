using System.Diagnostics;
using ConsoleAppFramework;
using EdgeDL.Convert;
using EdgeDL.Convert.Onnx;
using EdgeDL.Graphs;
using EdgeDL.Kernels;
using EdgeDL.Pack.Inspect;
using EdgeDL.Pack.Tune;
using EdgeDL.Pack.Verify;

namespace EdgeDL.Pack;

/// <summary>Turns models into .edl files, shows what is in them, and checks them.</summary>
sealed class Commands
{
    /// <summary>Turn a .tflite or .onnx model into an .edl file that a device runs in
    /// place.</summary>
    /// <param name="input">The model to convert.</param>
    /// <param name="output">-o, The file to write; the input's name with .edl by default.</param>
    /// <param name="labels">Class names, one a line.</param>
    /// <param name="preprocess">How inputs are made, one entry an input, ';' between them: image,
    /// audio or raw with mean=, scale=, resize=stretch|letterbox|crop, channels=rgb|bgr|gray,
    /// rate=, direct. Or kws-mfcc: the keyword front end goes in front of input 0, which then
    /// takes one second of 16 kHz sound.</param>
    /// <param name="inputShape">A shape for an input: NAME=1x224x224x3; several with ';'
    /// between. An item of an .onnx list is NAME[0].</param>
    /// <param name="dim">What open dimensions of an .onnx model are: batch=1; repeated, or several
    /// with ';' between.</param>
    /// <param name="inputValue">Numbers that an input of an .onnx model always has, where a shape
    /// hangs on it: NAME=1,3,224; several with ';' between.</param>
    /// <param name="detect">The model is a detector, and its outputs shall be boxes: fastestdet or
    /// yunet; most=, score=, overlap= change what is kept.</param>
    /// <param name="maxArena">Run large layers in patches until the tensor arena takes at most so
    /// much: 256K, 1M or a count of bytes; or min, the least for twice the work. Prints the bytes
    /// saved and the MACs repeated; integer results stay the same to the bit.</param>
    /// <param name="target">Also store the weights as the kernels of one kind of CPU read them, so
    /// that it opens the model without packing: x64-v3, x64-vnni, armv8 (Pi 3 and 4), armv8-dot
    /// (Pi 5, Jetson Orin) or armv8-i8mm; edgedl doctor names that of its machine. Other CPUs take
    /// the plain weights, which stay in the file. The model may be an .edl file then.</param>
    /// <param name="verbose">-v, List every pass with what it did, and what it all took.</param>
    /// <param name="debug">Show stack traces.</param>
    [Command("convert")]
    public int Convert(
        [Argument] string input,
        string? output = null,
        string? labels = null,
        string? preprocess = null,
        string? inputShape = null,
        string? dim = null,
        string? inputValue = null,
        string? detect = null,
        string? maxArena = null,
        string? target = null,
        bool verbose = false,
        bool debug = false) => Exit.Guard(debug, () =>
    {
        string file = output ?? Path.ChangeExtension(input, ".edl");
        CpuTarget? cpu = target is null ? null : TargetArgument.Parse(target);
        var options = new ImportOptions
        {
            InputShapes = ShapeArgument.Parse(inputShape),
            Dimensions = DimensionArgument.Parse(dim),
            InputNumbers = ValueArgument.Parse(inputValue),
            Log = verbose ? Console.Error.WriteLine : null,
        };
        using Model model = cpu is null
            ? ModelFile.Convert(input, options)
            : ModelFile.Open(input, options);
        if (labels is not null)
        {
            model.Labels.Clear();
            model.Labels.AddRange(File.ReadAllLines(labels).Select(l => l.Trim()));
        }

        if (detect is not null)
        {
            DetectArgument.Apply(detect, model);
        }

        if (preprocess is not null)
        {
            PreprocessArgument.Apply(preprocess, model);
        }

        if (maxArena is not null)
        {
            ArenaArgument.Apply(maxArena, model, Console.Out);
        }

        model.Metadata.TryAdd("source", Path.GetFileName(input));
        byte[] bytes = cpu is null ? model.ToBytes() : model.ToBytes(cpu);
        EdgeDL.Format.AtomicFile.Write(file, bytes);
        Console.WriteLine(
            $"{file}: {model.Main.Nodes.Count} nodes, {Text.Bytes(bytes.Length)}, "
            + $"arena {Text.Bytes(model.Plan!.ActivationBytes + model.Plan.PersistentBytes)}");
        if (verbose)
        {
            using Process self = Process.GetCurrentProcess();
            TimeSpan took = DateTime.Now - self.StartTime;
            Console.Error.WriteLine($"took {took.TotalSeconds:F2} s, at most "
                + $"{Text.Bytes(self.PeakWorkingSet64)} of memory");
        }

        return Exit.Ok;
    });

    /// <summary>Show ops, shapes, quantization, work, weights and the memory plan of a
    /// model.</summary>
    /// <param name="model">An .edl, .tflite or .onnx file.</param>
    /// <param name="json">Print JSON.</param>
    /// <param name="html">Write a page with the memory timeline to this file.</param>
    /// <param name="debug">Show stack traces.</param>
    [Command("inspect")]
    public int Inspect(
        [Argument] string model, bool json = false, string? html = null, bool debug = false) =>
        Exit.Guard(debug, () =>
    {
        using Model opened = ModelFile.Open(model);
        ModelReport report = ModelReport.Of(
            opened, Path.GetFileName(model), new FileInfo(model).Length);
        if (html is not null)
        {
            EdgeDL.Format.AtomicFile.Write(html, HtmlReport.Write(report));
        }

        if (json)
        {
            using Stream stdout = Console.OpenStandardOutput();
            JsonReport.Write(report, stdout);
        }
        else if (html is null)
        {
            TextReport.Write(report, Console.Out);
        }

        return Exit.Ok;
    });

    /// <summary>Write a model as an .onnx file for other runtimes and viewers.</summary>
    /// <param name="model">An .edl, .tflite or .onnx file.</param>
    /// <param name="onnx">The file to write; the model's name with .onnx by default. Variables
    /// become inputs with a default and outputs that end in _next.</param>
    /// <param name="debug">Show stack traces.</param>
    [Command("export")]
    public int Export([Argument] string model, string? onnx = null, bool debug = false) =>
        Exit.Guard(debug, () =>
    {
        string target = onnx ?? Path.ChangeExtension(model, ".onnx");
        if (Path.GetFullPath(target) == Path.GetFullPath(model))
        {
            throw new UsageException($"'{target}' is the model itself: name another with --onnx");
        }

        using Model opened = ModelFile.Open(model);
        byte[] bytes = OnnxExporter.Export(opened);
        EdgeDL.Format.AtomicFile.Write(target, bytes);
        Console.WriteLine($"{target}: {Text.Bytes(bytes.Length)}");
        return Exit.Ok;
    });

    /// <summary>Run a model against golden files or a second model; exit 1 if they
    /// differ.</summary>
    /// <param name="model">An .edl, .tflite or .onnx file.</param>
    /// <param name="golden">A folder of I_inK.bin and I_outK.bin, raw and little-endian; with
    /// --against an .onnx file its inputs alone are taken.</param>
    /// <param name="against">A second model, run on the same random inputs, layer by layer; ONNX
    /// Runtime runs it if it is an .onnx file.</param>
    /// <param name="runs">How many random inputs.</param>
    /// <param name="steps">Integer outputs may differ by so many steps; 0 by default, 1 against
    /// ONNX Runtime.</param>
    /// <param name="tolerance">Float outputs may differ by so much, relative to the largest
    /// value; 1e-5 by default, 1e-4 against ONNX Runtime.</param>
    /// <param name="threads">Threads to run on.</param>
    /// <param name="debug">Show stack traces.</param>
    [Command("verify")]
    public int Verify(
        [Argument] string model,
        string? golden = null,
        string? against = null,
        int runs = 4,
        int? steps = null,
        double? tolerance = null,
        int threads = 1,
        bool debug = false) => Exit.Guard(debug, () =>
    {
        bool isOnnx = against is not null && ModelFile.IsOnnx(against);
        if ((golden is null) == (against is null) && !isOnnx)
        {
            throw new UsageException("verify takes either --golden DIR or --against MODEL");
        }

        var limits = isOnnx
            ? new Limits(steps ?? 1, tolerance ?? 1e-4, OnnxCheck.SigmoidError)
            : new Limits(steps ?? 0, tolerance ?? 1e-5, Absolute: 0);
        using Model first = ModelFile.Open(model);
        if (isOnnx)
        {
            return OnnxCheck.Run(first, against!, golden, runs, limits, threads)
                ? Exit.Ok : Exit.CheckFailed;
        }

        if (golden is not null)
        {
            return GoldenCheck.Run(first, golden, limits, threads) ? Exit.Ok : Exit.CheckFailed;
        }

        using Model second = ModelFile.Open(against!);
        return ModelCheck.Run(first, second, runs, limits, threads) ? Exit.Ok : Exit.CheckFailed;
    });

    /// <summary>Measure on this CPU each node that can be computed in several ways, and store the
    /// weights packed for the fastest: sessions take the way that they find packed.</summary>
    /// <param name="model">An .edl, .tflite or .onnx file; an .edl file packed for another CPU is
    /// refused.</param>
    /// <param name="output">-o, The file to write; the model's name with .edl by default.</param>
    /// <param name="runs">-n, Rounds in which the ways are timed in turn; medians count.</param>
    /// <param name="threads">-t, Threads to run on: those that it will have on the device.</param>
    /// <param name="verbose">-v, List also the nodes that keep the way that they had by rule.
    /// </param>
    /// <param name="debug">Show stack traces.</param>
    [Command("tune")]
    public int Tune(
        [Argument] string model,
        string? output = null,
        int runs = 30,
        int threads = 1,
        bool verbose = false,
        bool debug = false) => Exit.Guard(debug, () =>
    {
        if (runs is < 1 or > 100_000)
        {
            throw new UsageException($"--runs {runs}: give 1 to 100000");
        }

        if (threads is < 1 or > 64)
        {
            throw new UsageException($"--threads {threads}: give 1 to 64");
        }

        using Model opened = ModelFile.Open(model);
        CpuTarget here = TargetArgument.This(model, opened.Packed?.Target);
        List<TunedNode> nodes = new Tuner(opened, threads, runs).Run();
        Console.WriteLine($"on {here.Name}, {threads} thread(s), medians of {runs} rounds");
        TuneReport.Write(nodes, verbose, Console.Out);
        string file = output ?? Path.ChangeExtension(model, ".edl");
        byte[] bytes = opened.ToBytes(here, (node, layouts) =>
            nodes.Find(n => n.Node == node)?.Chosen ?? 0);
        EdgeDL.Format.AtomicFile.Write(file, bytes);
        Console.WriteLine($"{file}: {Text.Bytes(bytes.Length)}");
        return Exit.Ok;
    });

    /// <summary>Show in what two models differ; exit 1 if they do.</summary>
    /// <param name="a">An .edl, .tflite or .onnx file.</param>
    /// <param name="b">An .edl, .tflite or .onnx file.</param>
    /// <param name="debug">Show stack traces.</param>
    [Command("diff")]
    public int Diff([Argument] string a, [Argument] string b, bool debug = false) =>
        Exit.Guard(debug, () =>
    {
        using Model first = ModelFile.Open(a);
        using Model second = ModelFile.Open(b);
        List<string> differences = ModelDiff.Of(first, second);
        differences.ForEach(Console.WriteLine);
        Console.WriteLine(differences.Count == 0 ? "no difference"
            : $"{differences.Count} differences");
        return differences.Count == 0 ? Exit.Ok : Exit.CheckFailed;
    });
}
