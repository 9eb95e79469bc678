using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Patching;

/// <summary>What one output position of a layer sees of its input along one axis.</summary>
readonly record struct LayerAxis(int Kernel, int Stride, int Dilation, int PadBefore, int PadAfter)
{
    /// <summary>A layer that sees one position: its own.</summary>
    public static LayerAxis Point => new(1, 1, 1, 0, 0);

    public bool IsPadded => PadBefore > 0 || PadAfter > 0;

    public static LayerAxis Of(ConvAxis axis, int kernel) =>
        new(kernel, axis.Stride, axis.Dilation, axis.PadBefore, axis.PadAfter);
}

/// <summary>
/// A layer that can run on a part of its input, because each of its outputs sees a window of it:
/// convolutions, pooling, elementwise functions, joins of channels.
/// </summary>
sealed class LayerWindow
{
    LayerWindow(
        LayerAxis rows, LayerAxis columns, BorderFill fill, int[] reads, Func<bool, bool, Op> op)
    {
        Rows = rows;
        Columns = columns;
        Fill = fill;
        Reads = reads;
        WithPadding = op;
    }

    public LayerAxis Rows { get; }

    public LayerAxis Columns { get; }

    /// <summary>What its padding holds.</summary>
    public BorderFill Fill { get; }

    /// <summary>The values it reads that are not constant.</summary>
    public int[] Reads { get; }

    /// <summary>The op with its padding kept or dropped: (rows, columns).</summary>
    public Func<bool, bool, Op> WithPadding { get; }

    /// <summary>Null for a layer that needs its whole input.</summary>
    public static LayerWindow? Of(Graph graph, Node node)
    {
        int[] reads = [.. node.Inputs.Where(v => v >= 0 && graph.Values[v].Constant is null)];
        if (node.Outputs.Length != 1 || reads.Length == 0
            || !reads.Append(node.Outputs[0]).All(v => IsPicture(graph.Values[v])))
        {
            return null;
        }

        return node.Op switch
        {
            Conv2D op => OfConv(graph, node, reads, op.Window,
                window => new Conv2D(window, op.Activation)),
            DepthwiseConv2D op => OfConv(
                graph, node, reads, op.Window,
                window => new DepthwiseConv2D(window, op.Activation)),
            MaxPool2D op => new LayerWindow(
                Rows2D(op.Window), Columns2D(op.Window), BorderFill.Lowest, reads,
                (rows, columns) => new MaxPool2D(Kept(op.Window, rows, columns), op.Activation)),
            // A mean over a window that reaches beyond the edge counts what lies inside alone.
            AveragePool2D op when !Rows2D(op.Window).IsPadded && !Columns2D(op.Window).IsPadded =>
                new LayerWindow(
                    Rows2D(op.Window), Columns2D(op.Window), BorderFill.Zero, reads,
                    (_, _) => op),
            Unary or Quantize or Dequantize => Elementwise(node, reads),
            Arithmetic or NumericBinary or PRelu => OfBinary(graph, node, reads),
            Concat { Axis: 3 } when reads.Length == node.Inputs.Length => Elementwise(node, reads),
            _ => null,
        };
    }

    static LayerWindow? OfConv(
        Graph graph, Node node, int[] reads, ConvWindow2D window,
        Func<ConvWindow2D, Op> make)
    {
        Value weights = graph.Values[node.Inputs[1]];
        bool isDynamic = graph.Values[node.Inputs[0]].DType == DType.Float32
            && weights.DType != DType.Float32;
        if (isDynamic || reads is not [int x] || x != node.Inputs[0])
        {
            // A range that is measured on the whole input, or weights that are computed.
            return null;
        }

        return new LayerWindow(
            LayerAxis.Of(window.Height, weights.Shape[1]),
            LayerAxis.Of(window.Width, weights.Shape[2]), BorderFill.Zero, reads,
            (rows, columns) => make(new ConvWindow2D(
                rows ? window.Height : window.Height with { PadBefore = 0, PadAfter = 0 },
                columns ? window.Width : window.Width with { PadBefore = 0, PadAfter = 0 })));
    }

    static LayerWindow? OfBinary(Graph graph, Node node, int[] reads)
    {
        Shape y = graph.Values[node.Outputs[0]].Shape;
        foreach (int v in node.Inputs)
        {
            Shape x = graph.Values[v].Shape;
            bool isWhole = graph.Values[v].Constant is null && x == y;
            bool isPerChannel = graph.Values[v].Constant is not null && x.Rank <= 4
                && (x.Rank < 2 || x[x.Rank - 2] == 1) && (x.Rank < 3 || x[x.Rank - 3] == 1);
            if (!isWhole && !isPerChannel)
            {
                return null;
            }
        }

        return Elementwise(node, reads);
    }

    static LayerWindow Elementwise(Node node, int[] reads) => new(
        LayerAxis.Point, LayerAxis.Point, BorderFill.Zero, reads, (_, _) => node.Op);

    static LayerAxis Rows2D(PoolWindow2D w) =>
        new(w.KernelHeight, w.StrideHeight, 1, w.PadTop, w.PadBottom);

    static LayerAxis Columns2D(PoolWindow2D w) =>
        new(w.KernelWidth, w.StrideWidth, 1, w.PadLeft, w.PadRight);

    static PoolWindow2D Kept(PoolWindow2D w, bool rows, bool columns) => w with
    {
        PadTop = rows ? w.PadTop : 0,
        PadBottom = rows ? w.PadBottom : 0,
        PadLeft = columns ? w.PadLeft : 0,
        PadRight = columns ? w.PadRight : 0,
    };

    static bool IsPicture(Value value) =>
        value.Shape.Rank == 4 && value.Shape.Elements > 0
        && value.DType is DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16;
}
