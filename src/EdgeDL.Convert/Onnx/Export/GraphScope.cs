using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>
/// A graph under export. A value may stand there as it is stored, channels last as EdgeDL has it or
/// channels first as ONNX wants it. Each form is made when it is first asked for; so neighbours
/// that agree need no transposition. The reals that a quantized value stands for are made anew for
/// each reader.
/// </summary>
sealed class GraphScope(ExportRun run, Graph graph, OnnxBody body, bool isMain)
{
    readonly Dictionary<(int Value, bool First), OnnxTensor> forms = [];
    readonly Dictionary<(int Value, DType Stored), (OnnxTensor Scale, OnnxTensor? Zero)>
        quantizations = [];

    public ExportRun Run => run;

    public Graph Graph => graph;

    public OnnxBody Body => body;

    /// <summary>False in the bodies of control flow, where variables can't be written.</summary>
    public bool IsMain => isMain;

    /// <summary>int8 values that are stored as uint8.</summary>
    public HashSet<int> Unsigned { get; init; } = [];

    /// <summary>The element type that a value has in the file.</summary>
    public DType Stored(int value) =>
        Unsigned.Contains(value) ? DType.UInt8 : graph.Values[value].DType;

    public bool IsQuantized(int value) =>
        graph.Values[value] is { Quant: not null } v && v.DType.IsInteger();

    /// <summary>True if the value is at hand only channels first.</summary>
    public bool IsFirst(int value) =>
        forms.ContainsKey((value, true)) && !forms.ContainsKey((value, false));

    /// <summary>A form of a value; made if it is not there yet.</summary>
    public OnnxTensor Get(int value, bool real, bool first)
    {
        if (real && IsQuantized(value))
        {
            // One for each reader: a runtime fuses it with that node, if no other reads it too.
            int[]? perm = first ? Layouts.ToFirst(graph.Values[value].Shape.Rank) : null;
            return Dequantized(value, Get(value, real: false, first), perm);
        }

        if (forms.TryGetValue((value, first), out OnnxTensor? found))
        {
            return found;
        }

        OnnxTensor made = Make(value, first);
        forms[(value, first)] = made;
        return made;
    }

    /// <summary>Says which tensor a value is; the first form goes by the value's name.</summary>
    public void Set(int value, bool real, bool first, OnnxTensor tensor)
    {
        Value v = graph.Values[value];
        if (real && IsQuantized(value))
        {
            tensor = Quantized(value, tensor, first);
        }

        if (!tensor.IsNamed && tensor.Data is null)
        {
            tensor.Hint = v.Name;
            tensor.IsNamed = true;
        }

        forms[(value, first)] = tensor;
    }

    /// <summary>Brings an input to the type that it has inside.</summary>
    public void Restore(int value, bool first)
    {
        if (Unsigned.Contains(value))
        {
            OnnxTensor real = Dequantized(value, forms[(value, first)], perm: null);
            forms[(value, first)] = Quantized(value, real, first);
        }
    }

    /// <summary>The stored form of a constant or computed value, its axes in another order, as
    /// reals if it is quantized.</summary>
    public OnnxTensor Permuted(int value, int[] perm)
    {
        OnnxTensor raw = PermutedRaw(value, perm);
        return IsQuantized(value) ? Dequantized(value, raw, perm) : raw;
    }

    /// <summary>The stored form of a constant or computed value, its axes in another order.
    /// </summary>
    public OnnxTensor PermutedRaw(int value, int[] perm)
    {
        Value v = graph.Values[value];
        return v.Constant is not null
            ? Constant(Constants.Of(v, v.Shape, perm))
            : Transpose(Get(value, real: false, first: false), perm);
    }

    /// <summary>A constant with axes of extent 1 in front, so that it has a rank, then channels
    /// first; reals if it is quantized.</summary>
    public OnnxTensor PaddedFirst(int value, int rank)
    {
        Value v = graph.Values[value];
        var padded = new Shape(
            [.. Enumerable.Repeat(1, rank - v.Shape.Rank), .. v.Shape.Dims]);
        OnnxTensor raw = Constants.Of(v, padded, Layouts.ToFirst(rank));
        body.Constants.Add(raw);
        return IsQuantized(value) ? Dequantized(value, raw, perm: null) : raw;
    }

    public OnnxTensor Transpose(OnnxTensor x, int[] perm)
    {
        Shape shape = Layouts.Permute(x.Shape, perm);
        string hint = $"{x.Hint}_transposed";
        return Layouts.KeepsOrder(x.Shape, perm)
            ? Node("Reshape", hint, x.DType, shape,
                [x, Constant(hint + "_shape", shape)], [])
            : Node("Transpose", hint, x.DType, shape, [x], [Attribute.Of("perm", perm)]);
    }

    /// <summary>Adds a node with one output.</summary>
    public OnnxTensor Node(
        string type, string name, DType result, in Shape shape, OnnxTensor?[] inputs,
        AttributeProto[] attributes)
    {
        var y = new OnnxTensor(name, result, shape);
        body.Nodes.Add(new OnnxNode(type, name, inputs, [y], attributes, []));
        return y;
    }

    public OnnxTensor Constant(string hint, in Shape extents)
    {
        long[] dims = [.. extents.ToArray().Select(d => (long)d)];
        return Constant(Constants.Of<long>(hint, new Shape(dims.Length), dims));
    }

    public OnnxTensor Constant(OnnxTensor tensor)
    {
        body.Constants.Add(tensor);
        return tensor;
    }

    OnnxTensor Make(int value, bool first)
    {
        Value v = graph.Values[value];
        int rank = v.Shape.Rank;
        if (v.Constant is not null)
        {
            int[] perm = first ? Layouts.ToFirst(rank) : [.. Enumerable.Range(0, rank)];
            return Constant(Constants.Of(v, v.Shape, perm));
        }

        if (!forms.TryGetValue((value, !first), out OnnxTensor? other))
        {
            throw new InvalidOperationException($"'{v.Name}' is read before it is made");
        }

        OnnxTensor moved = Transpose(other, first ? Layouts.ToFirst(rank) : Layouts.ToLast(rank));
        moved.Hint = v.Name + (first ? "_channels_first" : "_channels_last");
        return moved;
    }

    OnnxTensor Dequantized(int value, OnnxTensor raw, int[]? perm)
    {
        Value v = graph.Values[value];
        if (v.Quant!.BlockSize > 0 || raw.DType is not (DType.Int8 or DType.UInt8 or DType.Int16
            or DType.UInt16 or DType.Int32))
        {
            return v.Constant is null
                ? throw new NoEquivalentException($"'{v.Name}' is {v.DType} {v.Quant}")
                : Constant(Constants.Real(v, raw.Shape, perm));
        }

        if (raw.DType is DType.Int16 or DType.UInt16)
        {
            run.NeedOpset(21);
        }

        (OnnxTensor scale, OnnxTensor? zero) = Parameters(value, raw.DType);
        int axis = Axis(v, perm);
        return Node(
            "DequantizeLinear", v.Name + "_real", DType.Float32, raw.Shape,
            raw.DType == DType.Int32 ? [raw, scale] : [raw, scale, zero],
            axis < 0 ? [] : [Attribute.Of("axis", axis)]);
    }

    OnnxTensor Quantized(int value, OnnxTensor real, bool first)
    {
        Value v = graph.Values[value];
        if (v.Quant!.BlockSize > 0)
        {
            throw new NoEquivalentException($"'{v.Name}' is computed in blocks of {v.DType}");
        }

        if (v.DType == DType.Int32)
        {
            return QuantizedWide(v, real);
        }

        if (v.DType is DType.Int16 or DType.UInt16)
        {
            run.NeedOpset(21);
        }

        DType stored = Stored(value);
        (OnnxTensor scale, OnnxTensor? zero) = Parameters(value, stored);
        int axis = Axis(v, first ? Layouts.ToFirst(v.Shape.Rank) : null);
        return Node(
            "QuantizeLinear", v.Name, stored, real.Shape, [real, scale, zero],
            axis < 0 ? [] : [Attribute.Of("axis", axis)]);
    }

    // QuantizeLinear gives 8 and 16 bits only.
    OnnxTensor QuantizedWide(Value v, OnnxTensor real)
    {
        if (!v.Quant!.IsPerTensor)
        {
            throw new NoEquivalentException($"'{v.Name}' is Int32 with {v.Quant}");
        }

        OnnxTensor scale = Constant(Constants.Of<float>(
            v.Name + "_scale", Shape.Scalar, [v.Quant.Scale]));
        OnnxTensor zero = Constant(Constants.Of<float>(
            v.Name + "_zero", Shape.Scalar, [v.Quant.ZeroPoint]));
        OnnxTensor y = Node(
            "Div", v.Name + "_steps", DType.Float32, real.Shape, [real, scale], []);
        y = Node("Round", v.Name + "_rounded", DType.Float32, real.Shape, [y], []);
        y = Node("Add", v.Name + "_shifted", DType.Float32, real.Shape, [y, zero], []);
        return Node("Cast", v.Name, DType.Int32, real.Shape, [y],
            [Attribute.Of("to", (long)ElementTypes.Of(DType.Int32))]);
    }

    (OnnxTensor Scale, OnnxTensor? Zero) Parameters(int value, DType stored)
    {
        if (quantizations.TryGetValue((value, stored), out var known))
        {
            return known;
        }

        Value v = graph.Values[value];
        Quantization q = v.Quant!;
        int count = q.Axis < 0 ? 1 : v.Shape[q.Axis];
        Shape shape = q.Axis < 0 ? Shape.Scalar : new Shape(count);
        var scales = new float[count];
        var zeros = new int[count];
        for (int i = 0; i < count; i++)
        {
            scales[i] = q.ScaleOf(i);
            zeros[i] = q.ZeroPointOf(i) + UnsignedBytes.ZeroShift(v, stored);
        }

        OnnxTensor scale = Constant(Constants.Of<float>(v.Name + "_scale", shape, scales));
        OnnxTensor? zero = stored == DType.Int32
            ? null : Constant(Constants.Integers(v.Name + "_zero", stored, shape, zeros));
        return quantizations[(value, stored)] = (scale, zero);
    }

    static int Axis(Value v, int[]? perm) =>
        v.Quant!.Axis < 0 ? -1
        : perm is null ? v.Quant.Axis
        : Array.IndexOf(perm, v.Quant.Axis);
}
