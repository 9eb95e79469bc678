using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>One node under export: its operands in the forms that ONNX wants, and what an export
/// function may add.</summary>
sealed class NodeExport(GraphScope scope, Node node)
{
    public GraphScope Scope => scope;

    public ExportRun Run => scope.Run;

    public Node Node => node;

    public int OutputCount => node.Outputs.Length;

    public int InputCount => node.Inputs.Length;

    public bool Has(int i) => i < node.Inputs.Length && node.Inputs[i] >= 0;

    public Value In(int i) => scope.Graph.Values[node.Inputs[i]];

    public Value Out(int o) => scope.Graph.Values[node.Outputs[o]];

    public bool IsConstant(int i) => In(i).Constant is not null;

    public bool IsQuantized(int i) => scope.IsQuantized(node.Inputs[i]);

    /// <summary>The op, as the type that the table has it under.</summary>
    public T Op<T>() where T : Ops.Op => (T)node.Op;

    /// <summary>An input as it is stored, channels last.</summary>
    public OnnxTensor Raw(int i) => scope.Get(node.Inputs[i], real: false, first: false);

    /// <summary>An input as reals, channels last.</summary>
    public OnnxTensor Real(int i) => scope.Get(node.Inputs[i], real: true, first: false);

    /// <summary>An input as it is stored, channels first.</summary>
    public OnnxTensor RawFirst(int i) => scope.Get(node.Inputs[i], real: false, first: true);

    /// <summary>An input as reals, channels first.</summary>
    public OnnxTensor RealFirst(int i) => scope.Get(node.Inputs[i], real: true, first: true);

    /// <summary>True if input 0 is at hand channels first only, and ops that don't mind may as
    /// well give their result so.</summary>
    public bool IsFirst(int i) => scope.IsFirst(node.Inputs[i]);

    /// <summary>An output, as it is stored, channels last.</summary>
    public void GiveRaw(int o, OnnxTensor y) => Give(o, real: false, first: false, y);

    /// <summary>An output as reals, which are quantized if the value is; channels last.</summary>
    public void Give(int o, OnnxTensor y) => Give(o, real: true, first: false, y);

    /// <summary>An output as reals, channels first.</summary>
    public void GiveFirst(int o, OnnxTensor y) => Give(o, real: true, first: true, y);

    public void Give(int o, bool real, bool first, OnnxTensor y) =>
        scope.Set(node.Outputs[o], real, first, y);

    /// <summary>Adds a node whose result has the type and shape of one of its inputs.</summary>
    public OnnxTensor Like(
        string type, OnnxTensor like, OnnxTensor?[] inputs, params AttributeProto[] attributes) =>
        Add(type, like.DType, like.Shape, inputs, attributes);

    /// <summary>Adds a function of one tensor, without attributes.</summary>
    public OnnxTensor Unary(string type, OnnxTensor x) => Like(type, x, [x]);

    /// <summary>Adds a node.</summary>
    public OnnxTensor Add(
        string type, DType result, in Shape shape, OnnxTensor?[] inputs,
        params AttributeProto[] attributes) =>
        scope.Node(type, $"{node.Name}/{type}", result, shape, inputs, attributes);

    /// <summary>Adds a node of ONNX Runtime's own operators.</summary>
    public OnnxTensor AddOwn(
        string type, DType result, in Shape shape, OnnxTensor?[] inputs,
        params AttributeProto[] attributes)
    {
        string name = $"{node.Name}/{type}";
        var y = new OnnxTensor(name, result, shape);
        scope.Body.Nodes.Add(
            new OnnxNode(type, name, inputs, [y], attributes, []) { Domain = "com.microsoft" });
        return y;
    }

    /// <summary>Adds a node whose result has extents that only a run tells.</summary>
    public OnnxTensor AddOpen(
        string type, DType result, OnnxTensor?[] inputs, params AttributeProto[] attributes)
    {
        string name = $"{node.Name}/{type}";
        var y = new OnnxTensor(name, result, Shape.Scalar) { HasShape = false };
        scope.Body.Nodes.Add(new OnnxNode(type, name, inputs, [y], attributes, []));
        return y;
    }

    /// <summary>Adds a node with several outputs.</summary>
    public OnnxTensor[] AddMany(
        string type, (DType Type, Shape Shape)[] results, OnnxTensor?[] inputs,
        params AttributeProto[] attributes)
    {
        string name = $"{node.Name}/{type}";
        OnnxTensor[] outputs =
            [.. results.Select((r, i) => new OnnxTensor($"{name}_{i}", r.Type, r.Shape))];
        scope.Body.Nodes.Add(new OnnxNode(type, name, inputs, outputs, attributes, []));
        return outputs;
    }

    /// <summary>Adds a function of two tensors that broadcast.</summary>
    public OnnxTensor Binary(string type, OnnxTensor a, OnnxTensor b) =>
        Add(type, a.DType, Broadcast(a.Shape, b.Shape), [a, b]);

    /// <summary>Adds a question about two tensors that broadcast.</summary>
    public OnnxTensor Compare(string type, OnnxTensor a, OnnxTensor b) =>
        Add(type, DType.Bool, Broadcast(a.Shape, b.Shape), [a, b]);

    public OnnxTensor Where(OnnxTensor condition, OnnxTensor a, OnnxTensor b) => Add(
        "Where", a.DType, Broadcast(condition.Shape, Broadcast(a.Shape, b.Shape)),
        [condition, a, b]);

    public OnnxTensor Cast(OnnxTensor x, DType to) => x.DType == to ? x : Add(
        "Cast", to, x.Shape, [x], Attribute.Of("to", (long)ElementTypes.Of(to)));

    public OnnxTensor Transpose(OnnxTensor x, params int[] perm) => scope.Transpose(x, perm);

    /// <summary>A 0 in the shape means no elements, not "as before".</summary>
    public OnnxTensor Reshape(OnnxTensor x, in Shape shape) =>
        x.Shape == shape && x.HasShape ? x : Add(
            "Reshape", x.DType, shape, [x, Extents("shape", shape.Dims)],
            shape.Dims.Contains(0) ? [Attribute.Of("allowzero", 1)] : []);

    /// <summary>x[starts … ends) along axes, every step-th.</summary>
    public OnnxTensor Slice(
        OnnxTensor x, in Shape shape, ReadOnlySpan<int> starts, ReadOnlySpan<int> ends,
        ReadOnlySpan<int> axes, ReadOnlySpan<int> steps) => Add(
            "Slice", x.DType, shape,
            [
                x, Extents("starts", starts), Extents("ends", ends), Extents("axes", axes),
                Extents("steps", steps),
            ]);

    /// <summary>A reduction along axes; all of ONNX's kinds.</summary>
    public OnnxTensor Reduce(string type, OnnxTensor x, ReadOnlySpan<int> axes, bool keepDims)
    {
        Shape shape = Reduced(x.Shape, axes, keepDims);
        AttributeProto keep = Attribute.Of("keepdims", keepDims ? 1 : 0);
        return type == "ReduceSum" || Run.Opset >= 18
            ? Add(type, x.DType, shape, [x, Extents("axes", axes)], keep)
            : Add(type, x.DType, shape, [x], Attribute.Of("axes", axes), keep);
    }

    /// <summary>A constant number of a tensor's type.</summary>
    public OnnxTensor Number(DType type, double value) =>
        scope.Constant(Constants.Number($"{node.Name}/number", type, value));

    /// <summary>A constant list of int64.</summary>
    public OnnxTensor Extents(string what, params ReadOnlySpan<int> values)
    {
        long[] wide = new long[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }

        return Constant<long>(what, new Shape(wide.Length), wide);
    }

    public OnnxTensor Constant<T>(string what, in Shape shape, ReadOnlySpan<T> values)
        where T : unmanaged =>
        scope.Constant(Constants.Of($"{node.Name}/{what}", shape, values));

    /// <summary>What the activation that is fused behind an op makes of its result.</summary>
    public OnnxTensor Activated(OnnxTensor x, Ops.Activation activation)
    {
        (float lo, float hi) = Ops.Activations.Range(activation);
        return activation switch
        {
            Ops.Activation.None => x,
            _ when IsClampedByType(activation) => x,
            Ops.Activation.Relu => Unary("Relu", x),
            _ => Clipped(x, lo, hi),
        };
    }

    // The integers of the result reach no further than the activation lets them.
    bool IsClampedByType(Ops.Activation activation) =>
        Out(0) is { Quant.IsPerTensor: true, DType: DType.Int8 or DType.UInt8 or DType.Int16 } y
        && Ops.Activations.Range(activation, y.DType, y.Quant)
            == Ops.Activations.Range(Ops.Activation.None, y.DType, y.Quant);

    public OnnxTensor Clipped(OnnxTensor x, double lo, double hi) => Like(
        "Clip", x, [x, Number(x.DType, lo), Number(x.DType, hi)]);

    public static Shape Broadcast(in Shape a, in Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        int[] dims = new int[rank];
        for (int d = 1; d <= rank; d++)
        {
            int x = d <= a.Rank ? a[-d] : 1;
            int y = d <= b.Rank ? b[-d] : 1;
            dims[rank - d] = x == 1 ? y : x;
        }

        return new Shape(dims);
    }

    public static Shape Reduced(in Shape x, ReadOnlySpan<int> axes, bool keepDims)
    {
        var dims = new List<int>();
        for (int d = 0; d < x.Rank; d++)
        {
            bool gone = axes.Contains(d) || axes.Contains(d - x.Rank);
            if (!gone || keepDims)
            {
                dims.Add(gone ? 1 : x[d]);
            }
        }

        return new Shape(dims.ToArray());
    }
}
