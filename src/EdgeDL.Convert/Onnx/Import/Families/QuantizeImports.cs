using EdgeDL.Ops;
using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Between floats and integers with scales and zero points.</summary>
static class QuantizeImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("QuantizeLinear", Quantize);
        t.Add("DequantizeLinear", Dequantize);
        t.Add("DynamicQuantizeLinear", Dynamic);
        t.Add(OnnxTable.Microsoft, "QuantizeLinear", Quantize);
        t.Add(OnnxTable.Microsoft, "DequantizeLinear", Dequantize);
    }

    // What 8-bit kernels and passes know becomes a quantized value, the rest is computed in fp32.
    static void Quantize(NodeImport n)
    {
        Shape shape = n.ShapeOf(0);
        (DType type, double low, double high) = Target(n);
        int axis = Axis(n, shape);
        bool whole = type is DType.Int8 or DType.UInt8 or DType.Int16 && high - low >= 255;
        int x = n.Input(0);
        x = n[x].DType == DType.Float32 ? x : n.Add(new Cast(DType.Float32), "real", x);
        if (whole && BlockSize(n) == 0
            && QuantParameters.Of(n, 1, 2, shape, axis) is { } quant && Reaches(quant, low, high))
        {
            n.SetOutput(0, n.AddQuantized(new Quantize(type), "quantized", quant, x));
            return;
        }

        int y = n.Add(new Div(Activation.None), "steps", x, Parameter(n, 1, shape, axis));
        y = n.Add(new Round(), "rounded", y);
        y = n.Has(2)
            ? n.Add(new Add(Activation.None), "moved", y, Parameter(n, 2, shape, axis))
            : y;
        y = n.Add(new Clip((float)low, (float)high), "clamped", y);
        n.Emit(new Cast(type), y);
    }

    static bool Reaches(Quantization quant, double low, double high)
    {
        foreach (int zero in quant.ZeroPoints)
        {
            if (zero < low || zero > high)
            {
                return false;
            }
        }

        return true;
    }

    // The type of the zero point or the attribute, and its range.
    static (DType Type, double Low, double High) Target(NodeImport n)
    {
        var stated = (DataType)n.Int("output_dtype", 0);
        DType type = n.Has(2) ? n.In(2).DType
            : stated != 0 ? ElementTypes.Stored(stated) : DType.UInt8;
        (double low, double high) = (stated, type) switch
        {
            (DataType.Int4, _) => (-8, 7),
            (DataType.Uint4, _) => (0, 15),
            (_, DType.Int8) => (-128, 127),
            (_, DType.UInt8) => (0, 255),
            (_, DType.Int16) => (short.MinValue, short.MaxValue),
            (_, DType.UInt16) => (0, ushort.MaxValue),
            _ => throw n.Unsupported($"it quantizes to {type}",
                "quantize to integers of 8 or 16 bits"),
        };
        return (type, low, high);
    }

    static int BlockSize(NodeImport n) => n.Int("block_size", 0);

    static int Axis(NodeImport n, Shape shape) => n.ShapeOf(1).Elements == 1 && BlockSize(n) == 0
        ? 0
        : n.Axis(n.Long("axis", 1), shape.Rank);

    // A scale or zero point as floats that broadcast to the tensor.
    static int Parameter(NodeImport n, int i, Shape shape, int axis)
    {
        int value = n.Input(i);
        value = n[value].DType == DType.Float32
            ? value
            : n.Add(new Cast(DType.Float32), $"real {i}", value);
        Shape own = n[value].Shape;
        int block = BlockSize(n);
        if (block > 0)
        {
            if (own.Rank != shape.Rank || (long)own[axis] * block < shape[axis])
            {
                throw n.Fail($"blocks of {block} with parameters {own} don't fill {shape}");
            }

            int index = n.Places($"block {i}", shape[axis], k => k / block);
            return n.Add(new Gather(axis, 0), $"spread {i}", value, index);
        }

        if (own.Elements == 1)
        {
            return n.Reshape(value);
        }

        return own.Rank == 1 && own[0] == shape[axis]
            ? n.Reshape(value, [own[0], .. Enumerable.Repeat(1, shape.Rank - axis - 1)])
            : own.Rank == shape.Rank ? value
            : throw n.Fail($"parameters {own} don't fit axis {axis} of {shape}");
    }

    static void Dequantize(NodeImport n)
    {
        Shape shape = n.ShapeOf(0);
        int axis = Axis(n, shape);
        DType type = n.In(0).DType;
        if (BlockDequantize.TryImport(n, axis, BlockSize(n)))
        {
            return;
        }

        if (type is DType.Int8 or DType.UInt8 or DType.Int16 or DType.Int32 && BlockSize(n) == 0
            && QuantParameters.Of(n, 1, 2, shape, axis) is { } quant)
        {
            n.Emit(new Dequantize(), n.Quantized(0, quant));
            return;
        }

        int x = n.Add(new Cast(DType.Float32), "real", n.Input(0));
        x = n.Has(2)
            ? n.Add(new Sub(Activation.None), "centred", x, Parameter(n, 2, shape, axis))
            : x;
        n.Emit(new Mul(Activation.None), x, Parameter(n, 1, shape, axis));
    }

    // uint8 over the range of x and 0.
    static void Dynamic(NodeImport n)
    {
        (int scale, int zero, int y) = Dynamic(n, n.Input(0));
        n.SetOutput(0, y);
        n.SetOutput(1, scale);
        n.SetOutput(2, zero);
    }

    /// <summary>Scale, zero point and bytes of x.</summary>
    public static (int Scale, int Zero, int Bytes) Dynamic(NodeImport n, int x)
    {
        int[] parts = n.AddMany(new DynamicQuantizeLinear(), "range", 3, x);
        return (parts[1], parts[2], parts[0]);
    }
}
