using EdgeDL.Convert.Onnx.Export.Families;
using EdgeDL.Graphs;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>Exports the nodes of a graph in order, and gathers what can't be said.</summary>
static class GraphExport
{
    /// <summary>Exports nodes into a scope whose inputs are set.</summary>
    public static void Nodes(GraphScope scope, IEnumerable<Node> nodes)
    {
        foreach (Node node in nodes)
        {
            try
            {
                if (!ExportTable.TryGet(node.Op.OpCode, out ExportNode? export))
                {
                    throw new NoEquivalentException("ONNX has no equivalent op");
                }

                var n = new NodeExport(scope, node);
                if (!LiteArithmetic.TryExport(n))
                {
                    export!(n);
                }
            }
            catch (NoEquivalentException e)
            {
                scope.Run.Problems.Add($"'{node.Name}' ({node.Op.OpCode}): {e.Message}");

                // What follows is exported on, so that one run finds all problems.
                foreach (int output in node.Outputs)
                {
                    Value v = scope.Graph.Values[output];
                    scope.Set(output, real: false, first: false,
                        new OnnxTensor(v.Name, v.DType, v.Shape));
                }
            }
        }
    }

    /// <summary>Copies a called graph in: as part of the caller, with tensors for inputs.</summary>
    /// <returns>Its outputs, as they are stored.</returns>
    public static OnnxTensor[] Inline(
        ExportRun run, Graph graph, OnnxBody into, ReadOnlySpan<OnnxTensor> inputs)
    {
        var scope = new GraphScope(run, graph, into, isMain: false);
        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            scope.Set(graph.Inputs[i], real: false, first: false, inputs[i]);
        }

        Nodes(scope, graph.Nodes);
        return [.. graph.Outputs.Select(o => scope.Get(o, real: false, first: false))];
    }
}
