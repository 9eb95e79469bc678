using EdgeDL.Convert.Passes.Quantized;
using EdgeDL.Convert.Passes.Recognition;
using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes;

/// <summary>The passes, in the order they run.</summary>
public static class PassPipeline
{
    // A pass may open the way for an earlier one; real models settle after two rounds.
    const int MaxRounds = 8;

    static readonly IPass[] Recognitions =
    [
        new MatMulToFullyConnected(),
        new BlockWeightsRecognition(),
        new BiasFusion(),
        new HardSwishRecognition(),
        new HardSigmoidRecognition(),
        new SiluRecognition(),
        new MishRecognition(),
        new GeluRecognition(),
        new LayerNormRecognition(),
    ];

    static readonly IPass[] SameBits =
    [
        new DeadCode(),
        new ConstantFolding(_ => true),
        new TransposeRemoval(),
        new IdentityRemoval(),
        new ReshapeSinking(),
        .. Recognitions,
        new BatchNormFolding(),
        new PadIntoConvolution(),
        new ActivationFusion(),
        new QuantizedDetourRemoval(),
        new DeadCode(),
    ];

    // Dequantized weights stay in sight until the ops that read them had their chance.
    static readonly IPass[] OneStep =
    [
        new DeadCode(),
        new ConstantFolding(op => op is not Dequantize),
        new DequantizeSinking(),
        // Weights in their final order, before anybody asks for their integers.
        new ConstantFolding(op => op is not Dequantize),
        new TransposeRemoval(),
        new IdentityRemoval(),
        new ReshapeSinking(),
        .. Recognitions,
        new BatchNormFolding(),
        new PadIntoConvolution(),
        new ClampBeforeQuantize(),
        new ActivationFusion(),
        new QuantizedDetourRemoval(),
        new IntegerFusion(),
        new ShiftRemoval(),
        new DeadCode(),
    ];

    /// <summary>The names of the passes of <see cref="Run"/>, in the order they run.</summary>
    public static IReadOnlyList<string> Names => NamesOf(SameBits);

    /// <summary>Runs every pass on every graph until nothing changes. Integer results stay the
    /// same to the bit.</summary>
    /// <param name="model">Rewritten in place; its plan is dropped.</param>
    /// <param name="log">Told one line a change, and at the end one line a pass.</param>
    public static void Run(Model model, Action<string>? log) => Run(model, log, SameBits);

    /// <summary>
    /// Runs the passes for models that say what their integers mean by a detour through floats:
    /// dequantize → op → quantize becomes the op on integers, whose sums are exact: a value may be
    /// a step from what the order of fp32 sums made of it.
    /// </summary>
    /// <inheritdoc cref="Run(Model, Action{string})"/>
    public static void RunWithinOneStep(Model model, Action<string>? log) =>
        Run(model, log, OneStep, SameBits);

    static string[] NamesOf(params IPass[][] stages) =>
        [.. stages.SelectMany(s => s).Select(p => p.Name).Distinct()];

    static void Run(Model model, Action<string>? log, params IPass[][] stages)
    {
        model.Plan = null;
        var budget = new ConstantBudget(model.Graphs.Sum(
            g => g.Values.Sum(v => v.Constant is null ? 0 : v.Bytes)));
        string[] names = NamesOf(stages);
        var changes = names.ToDictionary(name => name, _ => 0);
        foreach (Graph graph in model.Graphs)
        {
            foreach (IPass[] stage in stages)
            {
                Run(model, graph, stage, budget, (pass, line) =>
                {
                    changes[pass]++;
                    log?.Invoke($"{pass}: {line}");
                });
            }

            UnusedValues.Remove(graph);
        }

        foreach (string name in names)
        {
            string done = changes[name] switch
            {
                0 => "nothing to do",
                1 => "1 change",
                int count => $"{count} changes",
            };
            log?.Invoke($"{name}: {done}");
        }
    }

    static void Run(
        Model model, Graph graph, IPass[] stage, ConstantBudget budget, Action<string, string> did)
    {
        bool changed = true;
        for (int round = 0; changed && round < MaxRounds; round++)
        {
            changed = false;
            foreach (IPass pass in stage)
            {
                pass.Run(new GraphEdit(model, graph, budget), line =>
                {
                    changed = true;
                    did(pass.Name, line);
                });
            }
        }
    }
}
