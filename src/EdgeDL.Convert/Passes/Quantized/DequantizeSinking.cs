using EdgeDL.Convert.Passes.Layout;
using EdgeDL.Graphs;
using EdgeDL.Kernels.Resize;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Quantized;

/// <summary>
/// Ops that only move elements, or choose the largest, work on the integers in front of a
/// dequantization; it comes behind them. Exact, a quarter of the bytes, and what follows finds
/// the dequantization next to it.
/// </summary>
sealed class DequantizeSinking : IPass
{
    public string Name => "dequantize-sinking";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (!graph.Has(node) || !Moves(graph, node) || graph.Maker(node.Inputs[0])
                is not { Op: Dequantize } dequantize)
            {
                continue;
            }

            int x = dequantize.Inputs[0];
            if (node.Op is ArgMax or ArgMin)
            {
                if (ByteForms.IsByte(graph.Value(x)))
                {
                    graph.Rewire(node, node.Op, x);
                    did($"{node} compares the integers of {dequantize}");
                }
            }
            else if (Quant(graph, node, x) is { } quant)
            {
                Sink(graph, node, x, quant);
                did($"{node} moves the integers of {dequantize}");
            }
        }
    }

    static void Sink(GraphEdit graph, Node node, int x, Quantization quant)
    {
        DType type = graph.Value(x).DType;
        int[] floats = node.Outputs;
        int[] integers = Array.ConvertAll(floats, o => graph.AddValue(
            graph.Value(o).Name, type, graph.Value(o).Shape, quant));
        // A border of zeros is the zero point, if nothing else is said.
        int[] rest = node.Op is Pad ? [] : node.Inputs[1..];
        graph.Rewire(node, node.Op, [x, .. rest]);
        graph.Redirect(node, integers);
        for (int o = 0; o < floats.Length; o++)
        {
            graph.InsertAfter(node, new Node(
                $"{graph.Value(floats[o]).Name}/dequantize", new Dequantize(), [integers[o]],
                [floats[o]]));
        }
    }

    // The quantization of the moved integers; null if there is none to give.
    static Quantization? Quant(GraphEdit graph, Node node, int x)
    {
        Value value = graph.Value(x);
        if (value.Quant is null || value.DType.Size() == 0 || value.Quant.BlockSize > 0)
        {
            return null;
        }

        if (value.Quant.IsPerTensor)
        {
            return value.Quant;
        }

        Shape y = graph.Value(node.Outputs[0]).Shape;
        int axis = node.Op switch
        {
            Transpose o => o.Perm.IndexOf(value.Quant.Axis),
            Reshape => ReshapeAxes.Of(value.Shape, value.Quant.Axis, y),
            _ => -1,
        };
        return axis < 0 ? null : value.Quant.Along(axis);
    }

    static bool Moves(GraphEdit graph, Node node) =>
        node.Op is Reshape or Transpose or Slice or StridedSlice
        or Split or Gather or Unpack or Tile or BroadcastTo or Reverse or MirrorPad
        or SpaceToDepth or DepthToSpace or ResizeNearest or ArgMax or ArgMin
        || node is { Op: MaxPool2D { Activation: Activation.None } }
            or { Op: ReduceMax or ReduceMin }
            or { Op: PoolNd { Kind: PoolKind.Max }, Outputs.Length: 1 }
            or { Op: Resize { Rule.Method: ResizeMethod.Nearest,
                Rule.Coordinates: not ResizeCoordinates.CropAndResize } }
            or { Op: Pad, Inputs.Length: 1 }
        || (node is { Op: Pad, Inputs: [_, var border] } && (border < 0
            || (graph.Value(border) is { DType: DType.Float32, Constant: { } value }
                && value.As<float>()[0] == 0)));
}
