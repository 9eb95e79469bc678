using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = (a − b)² with broadcasting.</summary>
public sealed class SquaredDifference()
    : Arithmetic(Activation.None), IOp<SquaredDifference>
{
    public static OpCode Code => OpCode.SquaredDifference;

    public override OpCode OpCode => Code;

    public static SquaredDifference Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    private protected override void CheckScales(
        InferContext c, Quantization a, Quantization b, Quantization y)
    {
        double larger = Math.Max(a.Scale, b.Scale);
        if (!(4 * larger * larger / y.Scale < 1 << 29))
        {
            c.Fail($"the output's scale {y.Scale} is too small for scales up to {larger}");
        }
    }

    private protected override Step Floats(in BinaryOperands o)
        => o.Lanes<BinaryFn.SquaredDifference<float>>(default);

    private protected override Step Reals(in BinaryOperands o)
        => o.Reals<BinaryFn.SquaredDifference<float>>();

    private protected override Step Integers(in BinaryOperands o)
        => o.Integers<
            BinaryFn.SquaredDifference<long>, BinaryFn.SquaredDifference<ulong>>();

    private protected override Step Fixed(in BinaryOperands o)
        => o.Fixed(new FixedFn.SquaredDifference(o.FixedA, o.FixedB, o.Quantized));
}
