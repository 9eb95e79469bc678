using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Ops;

/// <summary>
/// y = x rounded to the values that integers of so many bits would have between min and max; the
/// range is moved so that zero is one of them.
/// </summary>
/// <remarks>TensorFlow's fake_quant_with_min_max_args.</remarks>
public sealed class FakeQuant : Unary<FakeQuant, UnaryFn.FakeQuant>, IOp<FakeQuant>
{
    readonly float min;
    readonly float max;
    readonly int bits;
    readonly bool narrow;

    /// <summary>bits in [2, 16]; narrow leaves the lowest integer out.</summary>
    public FakeQuant(float min, float max, int bits, bool narrow)
    {
        this.min = min;
        this.max = max;
        this.bits = bits;
        this.narrow = narrow;
    }

    public static OpCode Code => OpCode.FakeQuant;

    public static FakeQuant Read(ref AttributeReader a)
        => new(a.Float(), a.Float(), a.Int(), a.Bool());

    public override void Write(ref AttributeWriter a)
    {
        a.Float(min);
        a.Float(max);
        a.Int(bits);
        a.Bool(narrow);
    }

    protected override UnaryFn.FakeQuant Function
    {
        get
        {
            (float low, float high, float step) = Rule;
            return new(low, high, step);
        }
    }

    /// <summary>The lowest and the highest value that a result can have, and the step between
    /// neighbours.</summary>
    public (float Lowest, float Highest, float Step) Rule
    {
        get
        {
            float lowest = narrow ? 1 : 0;
            float highest = (1 << bits) - 1;
            float scale = (max - min) / (highest - lowest);
            float zero = MathF.Round(lowest - (min / scale), MidpointRounding.AwayFromZero);
            zero = Math.Clamp(zero, lowest, highest);
            return ((lowest - zero) * scale, (highest - zero) * scale, scale);
        }
    }

    protected override void Check(InferContext c, InferInput x)
    {
        if (!(min <= 0 && max >= 0 && max > min && float.IsFinite(max - min) && max - min > 1e-30f))
        {
            c.Fail($"the range [{min}, {max}] is not finite or does not hold 0");
        }

        if (bits is < 2 or > 16)
        {
            c.Fail($"rounds to {bits} bits, 2 to 16 are possible");
        }

        if (x.DType != Tensors.DType.Float32)
        {
            c.Fail($"takes Float32, gets {x.DType}");
        }
    }
}
