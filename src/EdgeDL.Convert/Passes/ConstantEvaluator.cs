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
            Evaluate(graph, node);
            return true;
        }
        catch (EdgeDLException)
        {
            // Refused data or budget: the node stays, and says so itself when it runs.
            return false;
        }
    }

    // Products of constants are left alone: they may be long, and real models have none.
    static bool IsPure(OpCode code) => code is >= OpCode.Reshape and < OpCode.If;

    static bool InputsAreConstant(Graph graph, Node node) =>
        Array.TrueForAll(node.Inputs, i => i < 0 || graph.Values[i].Constant is not null);

    static void Evaluate(Graph graph, Node node)
    {
        var builder = new GraphBuilder("constant");
        int[] inputs = [.. node.Inputs.Select(i => i < 0 ? -1 : Copy(builder, graph.Values[i]))];
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
        for (int o = 0; o < outputs.Length; o++)
        {
            graph.Values[node.Outputs[o]].Constant =
                Constant.Copy(session.Output(o).AsBytes());
        }
    }

    static int Copy(GraphBuilder builder, Value value) => builder.Constant(
        value.Name, value.DType, value.Shape, value.Constant!, value.Quant);
}
