using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Quantized;

/// <summary>
/// int8 and uint8 tensors stand for the same numbers when their zero points are 128 apart; going
/// from one to the other is exact. Finds such twins, and makes them.
/// </summary>
static class ByteForms
{
    const int Distance = 128;

    /// <summary>True for 8 bits with one scale.</summary>
    public static bool IsByte(Value v) =>
        v.DType is DType.Int8 or DType.UInt8 && v.Quant is { IsPerTensor: true };

    /// <summary>The integers behind a float value; null if it was not made from such.</summary>
    public static int? Source(GraphEdit graph, int value) =>
        graph.Maker(value) is { Op: Dequantize } maker && IsByte(graph.Value(maker.Inputs[0]))
            ? maker.Inputs[0]
            : null;

    /// <summary>
    /// The type that a tensor was computed in; None if either costs the same.
    /// </summary>
    public static DType Native(GraphEdit graph, int value)
    {
        if (graph.IsConstant(value))
        {
            return DType.None;
        }

        if (graph.Maker(value) is { Op: Quantize } maker)
        {
            Value x = graph.Value(maker.Inputs[0]);
            return x.DType == DType.Float32 ? DType.None
                : IsShift(graph, maker) ? x.DType
                : graph.Value(value).DType;
        }

        return graph.Value(value).DType;
    }

    /// <summary>The same numbers in another type, made in front of a node if need be.</summary>
    public static int As(GraphEdit graph, int value, DType type, Node before)
    {
        Value x = graph.Value(value);
        if (x.DType == type)
        {
            return value;
        }

        Quantization quant = Shifted(x.Quant!, type);
        if (x.Constant is { } constant)
        {
            return graph.AddConstant(x.Name, type, x.Shape, Shifted(constant), quant);
        }

        Node? maker = graph.Maker(value);
        bool isQuantize = maker is { Op: Quantize };
        if (isQuantize && IsShift(graph, maker!))
        {
            return maker!.Inputs[0];
        }

        // A quantization of floats gives either type; between integers it is a shift.
        int from = isQuantize && graph.Value(maker!.Inputs[0]).DType == DType.Float32
            ? maker.Inputs[0]
            : value;
        foreach (Node reader in graph.Readers(from))
        {
            if (reader.Op is Quantize q && q.To == type
                && Quantization.Same(graph.Value(reader.Outputs[0]).Quant, quant)
                && graph.Precedes(reader, before))
            {
                return reader.Outputs[0];
            }
        }

        int result = graph.AddValue(x.Name, type, x.Shape, quant);
        graph.InsertBefore(
            before, new Node($"{x.Name}/{type}", new Quantize(type), [from], [result]));
        return result;
    }

    /// <summary>The same scales with zero points for another type.</summary>
    public static Quantization Shifted(Quantization quant, DType to) =>
        quant.Shifted(to == DType.Int8 ? -Distance : Distance);

    /// <summary>The bytes of the twin: adding or taking 128 turns the sign bit.</summary>
    public static Constant Shifted(Constant constant)
    {
        byte[] bytes = constant.Span.ToArray();
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= Distance;
        }

        return Constant.Copy<byte>(bytes);
    }

    /// <summary>True if a node only turns one twin into the other.</summary>
    public static bool IsShift(GraphEdit graph, Node node)
    {
        if (node.Op is not Quantize)
        {
            return false;
        }

        Value x = graph.Value(node.Inputs[0]);
        Value y = graph.Value(node.Outputs[0]);
        return IsByte(x) && IsByte(y) && x.DType != y.DType
            && Quantization.Same(Shifted(x.Quant!, y.DType), y.Quant);
    }
}
