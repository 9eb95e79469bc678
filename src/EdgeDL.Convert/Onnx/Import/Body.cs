using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>Imports the body of an If, Loop or Scan.</summary>
static class Body
{
    /// <summary>Copies a body into the graph that it stands in.</summary>
    /// <param name="n">The node that has the body.</param>
    /// <param name="body">The body.</param>
    /// <param name="prefix">Stands before the names of this copy.</param>
    /// <param name="inputs">What the body's inputs are.</param>
    /// <returns>What the body's outputs are.</returns>
    public static Operand[] Inline(
        NodeImport n, GraphProto body, string prefix, IReadOnlyList<Operand> inputs)
    {
        var scope = new Scope(n.Scope, prefix);
        n.Graph.DefineConstants(scope, body);
        CheckInputs(n, body, inputs.Count);
        for (int i = 0; i < inputs.Count; i++)
        {
            scope.Define(body.Input[i].Name, inputs[i]);
        }

        n.Graph.Nodes(body.Node, scope, n.Attributes);
        return Outputs(n, n.Graph, body, scope);
    }

    /// <summary>
    /// Makes a body a graph of its own, whose inputs are these values followed by those that it
    /// reads from around it.
    /// </summary>
    public static GraphImport Callee(
        NodeImport n, GraphProto body, string name, IReadOnlyList<int> inputs,
        IReadOnlyDictionary<string, TensorOperand> captured, out Operand[] outputs)
    {
        ModelImport model = n.Graph.Model;
        var graph = new GraphImport(model, new GraphBuilder(model.Model, name), n.Graph.Opsets);
        var scope = new Scope(outer: null, "");
        graph.DefineConstants(scope, body);
        CheckInputs(n, body, inputs.Count);
        for (int i = 0; i < inputs.Count; i++)
        {
            scope.Define(body.Input[i].Name, Input(graph, body.Input[i].Name, n[inputs[i]]));
        }

        foreach ((string outer, TensorOperand operand) in captured)
        {
            scope.Redefine(outer, Input(graph, outer, n[operand.Value]));
        }

        CaptureConstants(n, graph, scope, body);
        graph.Nodes(body.Node, scope, n.Attributes);
        outputs = Outputs(n, graph, body, scope);
        return graph;
    }

    /// <summary>What bodies read from around them and is computed at run time.</summary>
    public static Dictionary<string, TensorOperand> Captured(
        NodeImport n, params ReadOnlySpan<GraphProto> bodies)
    {
        var captured = new Dictionary<string, TensorOperand>();
        foreach (GraphProto body in bodies)
        {
            foreach (string name in FreeNames.Of(body).Order(StringComparer.Ordinal))
            {
                switch (n.Graph.Find(n.Scope, name))
                {
                    case TensorOperand tensor when n[tensor.Value].Constant is null:
                        captured[name] = tensor;
                        break;
                    case SequenceOperand or OptionalOperand:
                        throw n.Unsupported($"its body reads the list '{name}' at run time",
                            "export the model with a fixed condition or count");
                }
            }
        }

        return captured;
    }

    static void CaptureConstants(
        NodeImport n, GraphImport graph, Scope scope, GraphProto body)
    {
        foreach (string name in FreeNames.Of(body))
        {
            if (n.Graph.Find(n.Scope, name) is TensorOperand tensor
                && n[tensor.Value] is { Constant: { } constant } value)
            {
                int copy = graph.Builder.Constant(
                    name, value.DType, value.Shape, constant, value.Quant);
                scope.Redefine(name, tensor with { Value = copy });
            }
        }
    }

    static TensorOperand Input(GraphImport graph, string name, Value value) => new(
        graph.Builder.Input(name, value.DType, value.Shape, value.Quant), value.DType);

    static void CheckInputs(NodeImport n, GraphProto body, int given)
    {
        if (body.Input.Count != given)
        {
            throw n.Fail($"its body takes {body.Input.Count} inputs, it is given {given}");
        }
    }

    static Operand[] Outputs(NodeImport n, GraphImport graph, GraphProto body, Scope scope) =>
        [.. body.Output.Select(o => graph.Find(scope, o.Name)
            ?? throw n.Fail($"nothing in its body computes '{o.Name}'"))];
}
