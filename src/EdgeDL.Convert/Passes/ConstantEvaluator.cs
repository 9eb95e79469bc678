using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes;

/// <summary>Computes nodes whose inputs are all constant, in a session made for one run.</summary>
static class ConstantEvaluator
{
    // What a result may cost: a small model must not unfold into a large one, and a hostile one
    // must not keep the converter busy.
    const long AlwaysBytes = 1 << 20;
    const long GrowthFactor = 8;
    const long BudgetBytes = 1L << 30;

    /// <summary>
    /// Turns the node's outputs into constants; the caller removes the node. False if the node
    /// reads something computed, has state or chance in it, or would cost too much.
    /// </summary>
    public static bool TryFold(Graph graph, Node node, ConstantBudget budget)
    {
        if (!IsPure(node.Op.OpCode) || !InputsAreConstant(graph, node))
        {
            return false;
        }

        long inputBytes = node.Inputs.Where(i => i >= 0).Sum(i => graph.Values[i].Bytes);
        long outputBytes = node.Outputs.Sum(o => graph.Values[o].Bytes);
        if (outputBytes > AlwaysBytes + GrowthFactor * inputBytes || !budget.TryTake(outputBytes))
        {
            return false;
        }

        try
        {
            Constant[] results = Evaluate(graph, node,
                [.. node.Inputs.Select(i => i < 0 ? null : graph.Values[i].Constant)]);
            for (int o = 0; o < results.Length; o++)
            {
                graph.Values[node.Outputs[o]].Constant = results[o];
            }

            return true;
        }
        catch (EdgeDLException)
        {
            // Refused data or budget: the node stays, and says so itself when it runs.
            return false;
        }
    }

    /// <summary>True if a node's results follow from its inputs alone.</summary>
    public static bool CanEvaluate(Node node) => node.Op.OpCode < OpCode.If;

    /// <summary>
    /// What a node gives for these inputs; null if it refuses them or would cost too much.
    /// </summary>
    public static Constant[]? TryEvaluate(
        Graph graph, Node node, Constant?[] inputs, ConstantBudget budget)
    {
        if (!budget.TryTake(node.Outputs.Sum(o => graph.Values[o].Bytes)))
        {
            return null;
        }

        try
        {
            return Evaluate(graph, node, inputs);
        }
        catch (EdgeDLException)
        {
            return null;
        }
    }

    // Products of constants are left alone: they may be long, and real models have none.
    static bool IsPure(OpCode code) => code is >= OpCode.Reshape and < OpCode.If;

    static bool InputsAreConstant(Graph graph, Node node) =>
        Array.TrueForAll(node.Inputs, i => i < 0 || graph.Values[i].Constant is not null);

    static Constant[] Evaluate(Graph graph, Node node, Constant?[] given)
    {
        var builder = new GraphBuilder("constant");
        var inputs = new int[given.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = given[i] is { } constant
                ? Copy(builder, graph.Values[node.Inputs[i]], constant)
                : -1;
        }

        int[] outputs = builder.Node(node.Op, node.Name, inputs,
            [.. node.Outputs.Select(o => graph.Values[o].Name)],
            [.. node.Outputs.Select(o => graph.Values[o].Quant)]);
        foreach (int output in outputs)
        {
            builder.Output(output);
        }

        using var session = new Session(
            builder.Model, new SessionOptions { MemoryBudgetBytes = BudgetBytes });
        session.Run();
        var results = new Constant[outputs.Length];
        for (int o = 0; o < results.Length; o++)
        {
            results[o] = Constant.Copy(session.Output(o).AsBytes());
        }

        return results;
    }

    static int Copy(GraphBuilder builder, Value value, Constant constant) => builder.Constant(
        value.Name, value.DType, value.Shape, constant, value.Quant);
}
