using EdgeDL.Tensors;

namespace EdgeDL.Testing;

/// <summary>
/// One operand of an op case: element type, shape, quantization, and what it is filled with.
/// Make one with <see cref="Args"/>.
/// </summary>
public sealed record Arg(DType Type, Shape Shape)
{
    /// <summary>An optional input that is left out.</summary>
    public static Arg? None => null;

    public Quantization? Quant { get; init; }

    /// <summary>Smallest real value; floats and plain integers are drawn from Low..High.</summary>
    public double Low { get; init; } = double.NaN;

    public double High { get; init; } = double.NaN;

    /// <summary>True for weights and tables: bytes that are known when the model is made.</summary>
    public bool IsConstant { get; init; }

    /// <summary>
    /// Real values to use instead of drawn ones; one value fills the whole tensor.
    /// </summary>
    public double[]? Exact { get; init; }

    /// <summary>Draws real values from low..high (both included for integers).</summary>
    public Arg Between(double low, double high) => this with { Low = low, High = high };

    /// <summary>The operand is a constant of the model.</summary>
    public Arg Constant() => this with { IsConstant = true };

    /// <summary>Exactly these real values.</summary>
    public Arg Of(params double[] values) => this with { Exact = values };

    /// <summary>
    /// A scale for each slice along the axis, zero points 0: per-channel weights.
    /// </summary>
    public Arg PerAxis(int axis, params float[] scales)
    {
        return this with { Quant = new Quantization(scales, [0], axis) };
    }

    /// <summary>The bytes for one run; the same for the same seed on every machine.</summary>
    public byte[] Draw(int seed, Pattern pattern)
    {
        var random = new Random(seed);
        int count = Numbers.Count(Type, Shape);
        var bytes = new byte[Type.Bytes(Shape.Elements)];
        for (int i = 0; i < count; i++)
        {
            double real = Exact is null ? Value(random, pattern, i)
                : Exact[Exact.Length == 1 ? 0 : i];
            Numbers.Encode(bytes, Type, Quant, Shape, i, real);
        }

        return bytes;
    }

    double Value(Random random, Pattern pattern, int i)
    {
        (double low, double high) = Range(i);
        return pattern switch
        {
            Pattern.Lowest => low,
            Pattern.Highest => high,
            Pattern.Alternating => (i & 1) == 0 ? low : high,
            Pattern.Zero => Math.Clamp(0, low, high),
            _ => Type.IsFloat() || Type == DType.Complex64 || Quant is not null
                ? low + ((high - low) * random.NextDouble())
                : Math.Floor(low + ((high - low + 1) * random.NextDouble())),
        };
    }

    (double Low, double High) Range(int i)
    {
        if (!double.IsNaN(Low))
        {
            return (Low, High);
        }

        if (Type == DType.Bool)
        {
            return (0, 1);
        }

        if (Quant is null)
        {
            return Type.IsFloat() || Type == DType.Complex64 ? (-2, 2)
                : Numbers.IsUnsigned(Type) ? (0, 20)
                : (-7, 7);
        }

        // The whole range of the integers, a little beyond so that both ends are hit.
        (double least, double most) = Numbers.Limits(Type);
        int slice = Numbers.Slice(Quant, Shape, i);
        return (
            (least - 1 - Quant.ZeroPointOf(slice)) * Quant.ScaleOf(slice),
            (most + 1 - Quant.ZeroPointOf(slice)) * Quant.ScaleOf(slice));
    }
}

/// <summary>Short words for operands: <c>using static EdgeDL.Testing.Args;</c></summary>
public static class Args
{
    public static Arg F32(params int[] shape) => new(DType.Float32, new Shape(shape));

    public static Arg F16(params int[] shape) => new(DType.Float16, new Shape(shape));

    public static Arg I32(params int[] shape) => new(DType.Int32, new Shape(shape));

    public static Arg I64(params int[] shape) => new(DType.Int64, new Shape(shape));

    public static Arg Bool(params int[] shape) => new(DType.Bool, new Shape(shape));

    /// <summary>Plain numbers of any type.</summary>
    public static Arg Plain(DType type, params int[] shape) => new(type, new Shape(shape));

    public static Arg I8(float scale, int zeroPoint, params int[] shape)
    {
        return Quantized(DType.Int8, scale, zeroPoint, shape);
    }

    public static Arg U8(float scale, int zeroPoint, params int[] shape)
    {
        return Quantized(DType.UInt8, scale, zeroPoint, shape);
    }

    /// <summary>16-bit activations: the zero point is 0.</summary>
    public static Arg I16(float scale, params int[] shape)
    {
        return Quantized(DType.Int16, scale, 0, shape);
    }

    public static Arg Quantized(DType type, float scale, int zeroPoint, params int[] shape)
    {
        return new(type, new Shape(shape)) { Quant = Q(scale, zeroPoint) };
    }

    /// <summary>A constant of plain int32 numbers: axes, sizes, indices.</summary>
    public static Arg Ints(params int[] values)
    {
        return I32(values.Length).Of([.. values.Select(v => (double)v)]).Constant();
    }

    public static Quantization Q(float scale, int zeroPoint) => new(scale, zeroPoint);
}
