using EdgeDL.Convert.Onnx;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Tensors;

namespace EdgeDL.Pack.Verify;

/// <summary>
/// Runs a model here and an .onnx file in ONNX Runtime on the same inputs; compares the outputs,
/// then every layer that goes by the same name in both, and names the first that diverges.
/// </summary>
static class OnnxCheck
{
    /// <summary>How far off ONNX Runtime's own approximation of the sigmoid is.</summary>
    public const double SigmoidError = 2e-7;

    /// <summary>True if every output is within the limits; layers only inform.</summary>
    /// <param name="model">The model; all that it computes becomes an output of it.</param>
    /// <param name="onnxPath">The .onnx file.</param>
    /// <param name="golden">A folder with I_inK.bin; null for random inputs.</param>
    /// <param name="runs">How many random inputs.</param>
    /// <param name="limits">How far apart is too far.</param>
    /// <param name="threads">Threads of the model.</param>
    public static bool Run(
        Model model, string onnxPath, string? golden, int runs, Limits limits, int threads)
    {
        byte[] onnx = File.ReadAllBytes(onnxPath);
        var options = new OrtOptions
        {
            ExactIntegers = true, Folder = Path.GetDirectoryName(Path.GetFullPath(onnxPath)),
        };
        using var oracle = new OrtModel(StandardArithmetic.Of(onnx), options);
        CheckEnds(model, oracle);
        int outputs = ModelCheck.ExposeLayers(model);
        using var session = new Session(model, new SessionOptions { Threads = threads });
        string[] layers = Layers(session, outputs, onnx);
        using var tapped = new OrtModel(
            StandardArithmetic.Of(OnnxTaps.WithOutputs(onnx, layers)), options);
        layers = [.. layers.Intersect(
            tapped.Outputs.Where(o => o.DType != DType.None).Select(o => o.Name))];
        var pairs = new List<LayerPair>();
        var random = new Random(1);
        bool good = true;
        int run = 0;
        for (; golden is null ? run < runs : GoldenCheck.Has(golden, run); run++)
        {
            OrtTensor[] inputs = Inputs(session, oracle, golden, run, random);
            session.Run();
            OrtTensor[] ends = oracle.Run(inputs);
            for (int o = 0; o < outputs; o++)
            {
                good &= Add(pairs, session.Output(o), ends[o], o, run, limits);
            }

            OrtTensor[] inner = layers.Length == 0 ? [] : tapped.Run(inputs, layers);
            for (int i = outputs; i < session.OutputCount; i++)
            {
                int at = Array.IndexOf(layers, session.Output(i).Name);
                if (at >= 0)
                {
                    Add(pairs, session.Output(i), inner[at], output: -1, run, limits);
                }
            }
        }

        if (run == 0)
        {
            throw new UsageException(golden is null
                ? "verify needs at least one run"
                : $"'{golden}' has no 0_in0.bin: golden files are I_inK.bin and I_outK.bin");
        }

        Report(pairs, limits, run);
        return good;
    }

    static void Report(List<LayerPair> pairs, Limits limits, int runs)
    {
        foreach (LayerPair end in pairs.Where(p => p.Output >= 0))
        {
            Console.WriteLine(
                $"output {end.Output} '{end.Name}', worst of {runs} runs: {end.Worst}");
        }

        LayerPair[] layers = [.. pairs.Where(p => p.Output < 0)];
        Console.WriteLine($"{layers.Length} layers have the same name in both; worst run of each:");
        bool named = false;
        foreach (LayerPair layer in layers)
        {
            bool apart = !layer.Worst.Within(limits);
            Console.WriteLine($"{(apart ? "  ! " : "    ")}{layer.Name}: {layer.Worst}"
                + (apart && !named ? "   <- the first that diverges" : ""));
            named |= apart;
        }
    }

    // False if an output is too far off.
    static bool Add(
        List<LayerPair> pairs, TensorView ours, OrtTensor theirs, int output, int run,
        Limits limits)
    {
        if (LayerPair.Compare(ours, theirs, limits) is not { } comparison)
        {
            if (output < 0)
            {
                return true;
            }

            throw new UsageException(
                $"output {output} '{ours.Name}' is {ours.Shape} here and {theirs.Shape} there");
        }

        LayerPair? pair = pairs.Find(p => p.Name == ours.Name && p.Output == output);
        if (pair is null)
        {
            pairs.Add(pair = new LayerPair(ours.Name, output) { Worst = comparison });
        }

        if (!(comparison.MaxError <= pair.Worst.MaxError))
        {
            pair.Worst = comparison;
        }

        bool within = comparison.Within(limits);
        if (output >= 0 && !within)
        {
            Console.WriteLine($"FAIL run {run} output {output} '{ours.Name}': {comparison}");
        }

        return within;
    }

    static string[] Layers(Session session, int outputs, byte[] onnx)
    {
        HashSet<string> computed = [.. OnnxTaps.Computed(onnx)];
        var names = new List<string>();
        for (int i = outputs; i < session.OutputCount; i++)
        {
            names.Add(session.Output(i).Name);
        }

        return [.. names.Where(computed.Contains).Distinct()];
    }

    static OrtTensor[] Inputs(
        Session session, OrtModel oracle, string? golden, int run, Random random)
    {
        var inputs = new OrtTensor[session.InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            TensorView x = session.Input(i);
            if (golden is null)
            {
                ModelCheck.Fill(x, random);
            }
            else
            {
                GoldenCheck.Read(golden, $"{run}_in{i}.bin", x).CopyTo(x.AsBytes());
            }

            OrtPort port = oracle.Inputs[i];
            if (port.DType != x.DType)
            {
                throw new UsageException(
                    $"input {i} is {x.DType} in the model and {port.DType} in the .onnx file");
            }

            inputs[i] = LayerPair.Input(x, port);
        }

        return inputs;
    }

    static void CheckEnds(Model model, OrtModel oracle)
    {
        if (model.Main.Inputs.Count != oracle.Inputs.Count
            || model.Main.Outputs.Count != oracle.Outputs.Count)
        {
            throw new UsageException(
                $"the model has {model.Main.Inputs.Count} inputs and {model.Main.Outputs.Count} "
                    + $"outputs, the .onnx file {oracle.Inputs.Count} and {oracle.Outputs.Count}");
        }
    }
}
