using EdgeDL.Graphs;

namespace EdgeDL.Convert.Passes;

/// <summary>The passes, in the order they run.</summary>
public static class PassPipeline
{
    // A pass may open the way for an earlier one; real models settle after two rounds.
    const int MaxRounds = 8;

    static readonly IPass[] InOrder =
    [
        new DeadCode(),
        new ConstantFolding(),
        new TransposeRemoval(),
        new IdentityRemoval(),
        new BatchNormFolding(),
        new PadIntoConvolution(),
        new ActivationFusion(),
        new QuantizedDetourRemoval(),
        new DeadCode(),
    ];

    /// <summary>The names of the passes, in the order they run.</summary>
    public static IReadOnlyList<string> Names => [.. InOrder.Select(p => p.Name).Distinct()];

    /// <summary>Runs every pass on every graph until nothing changes.</summary>
    /// <param name="model">Rewritten in place; its plan is dropped.</param>
    /// <param name="log">Told one line a change, and at the end one line a pass.</param>
    public static void Run(Model model, Action<string>? log)
    {
        model.Plan = null;
        var budget = new ConstantBudget(model.Graphs.Sum(
            g => g.Values.Sum(v => v.Constant is null ? 0 : v.Bytes)));
        var changes = Names.ToDictionary(name => name, _ => 0);
        foreach (Graph graph in model.Graphs)
        {
            bool changed = true;
            for (int round = 0; changed && round < MaxRounds; round++)
            {
                changed = false;
                foreach (IPass pass in InOrder)
                {
                    pass.Run(new GraphEdit(model, graph, budget), line =>
                    {
                        changed = true;
                        changes[pass.Name]++;
                        log?.Invoke($"{pass.Name}: {line}");
                    });
                }
            }

            UnusedValues.Remove(graph);
        }

        foreach (string name in Names)
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
}
