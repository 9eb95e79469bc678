using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>From one element type to another.</summary>
static class CastExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.Cast] = Cast;
        table[OpCode.Bitcast] = Bitcast;
        table[OpCode.Quantize] = Requantize;
        table[OpCode.Dequantize] = Dequantize;
    }

    static void Cast(NodeExport n)
    {
        bool first = n.IsFirst(0);
        OnnxTensor x = first ? n.RawFirst(0) : n.Raw(0);
        n.Give(0, real: false, first, n.Cast(x, n.Op<Cast>().To));
    }

    static void Bitcast(NodeExport n)
    {
        OnnxTensor x = n.Raw(0);
        n.GiveRaw(0, x.DType == n.Out(0).DType
            ? x : throw new NoEquivalentException("ONNX can't reinterpret bits"));
    }

    // Reals or integers of another scale: both are reals first.
    static void Requantize(NodeExport n)
    {
        bool first = n.IsFirst(0);
        n.Give(0, real: true, first, first ? n.RealFirst(0) : n.Real(0));
    }

    static void Dequantize(NodeExport n)
    {
        bool first = n.IsFirst(0);
        OnnxTensor x = first ? n.RealFirst(0) : n.Real(0);
        n.Give(0, real: true, first, n.Cast(x, DType.Float32));
    }
}
