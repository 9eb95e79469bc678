using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// A Loop whose end depends on data: a While over turn, limit, condition, what is carried, and what
/// the body reads from around it.
/// </summary>
static class RunTimeLoop
{
    public static void Emit(NodeImport n, GraphProto body, int carried)
    {
        if (body.Output.Count > carried + 1)
        {
            throw n.Unsupported("it collects a tensor for each turn, and their number is known "
                + "only while the model runs",
                "export it with a fixed number of turns, or fix its inputs with "
                + "--input-value NAME=…");
        }

        int turn = n.Constant<long>("turn", Shape.Scalar, [0]);
        int limit = n.Has(0)
            ? n.Reshape(n.Input(0))
            : n.Constant<long>("limit", Shape.Scalar, [long.MaxValue]);
        int condition = n.Has(1)
            ? n.Reshape(n.Input(1))
            : n.Constant<bool>("on", Shape.Scalar, [true]);
        Dictionary<string, TensorOperand> captured = Body.Captured(n, body);
        int[] state =
        [
            turn, limit, condition,
            .. Enumerable.Range(2, carried).Select(n.Input),
            .. captured.Values.Select(c => c.Value),
        ];
        int conditionGraph = Condition(n, state);
        int bodyGraph = BodyOf(n, body, state, carried, captured);
        int[] results = n.AddMany(
            new While(conditionGraph, bodyGraph), "while", state.Length, state);
        for (int i = 0; i < carried; i++)
        {
            n.SetOutput(i, results[3 + i]);
        }
    }

    // turn < limit and condition
    static int Condition(NodeImport n, int[] state)
    {
        var graph = new GraphBuilder(n.Graph.Model.Model, $"{n.Name}/condition");
        int[] inputs = Inputs(n, graph, state);
        int before = graph.Node(new Less(), "before the limit", [inputs[0], inputs[1]]);
        graph.Output(graph.Node(new LogicalAnd(), "goes on", [before, inputs[2]]));
        return graph.GraphIndex;
    }

    // The body takes turn and condition first; its graph takes the state in our order.
    static int BodyOf(NodeImport n, GraphProto body, int[] state, int carried,
        IReadOnlyDictionary<string, TensorOperand> captured)
    {
        var outer = new GraphBuilder(n.Graph.Model.Model, $"{n.Name}/turn");
        int[] inputs = Inputs(n, outer, state);
        GraphImport callee = Body.Callee(n, body, $"{n.Name}/body",
            [state[0], state[2], .. state[3..(3 + carried)]], captured, out Operand[] outputs);
        foreach (Operand output in outputs)
        {
            int value = LoopImport.Tensor(n, output);
            callee.Builder.Output(callee.Builder[value] is { Shape.Rank: > 0, DType: DType.Bool }
                && output == outputs[0]
                ? callee.Add(new Reshape([]), "on", [value], ["on"])[0]
                : value);
        }

        int always = outer.Constant<bool>("always", Shape.Scalar, [true]);
        int[] call = [always, inputs[0], inputs[2], .. inputs[3..]];
        string[] names = [.. outputs.Select((_, i) => $"next {i}")];
        int[] next = outer.Node(
            new If(callee.Builder.GraphIndex, callee.Builder.GraphIndex), "body", call, names,
            new Quantization?[names.Length]);
        int one = outer.Constant<long>("one", Shape.Scalar, [1]);
        outer.Output(outer.Node(new Add(Activation.None), "next turn", [inputs[0], one]));
        outer.Output(inputs[1]);
        foreach (int value in next)
        {
            outer.Output(value);
        }

        foreach (int value in inputs[(3 + carried)..])
        {
            outer.Output(value);
        }

        return outer.GraphIndex;
    }

    static int[] Inputs(NodeImport n, GraphBuilder graph, int[] state)
    {
        var inputs = new int[state.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            Value value = n[state[i]];
            inputs[i] = graph.Input($"state {i}", value.DType, value.Shape, value.Quant);
        }

        return inputs;
    }
}
