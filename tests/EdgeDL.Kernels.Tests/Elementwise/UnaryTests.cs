using EdgeDL.Kernels.Elementwise;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Elementwise;

/// <summary>Every row of every function against the function's scalar meaning.</summary>
public class UnaryTests
{
    static readonly float[] Extremes =
    [
        0f, -0f, 1f, -1f, 0.5f, -0.5f, 2.5f, -2.5f, 6f, -3f, 1e-30f, -1e-30f, 1e-6f, -1e-6f,
        88f, -88f, 89f, 104f, -104f, 1e4f, -1e4f, float.Epsilon, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    static readonly Dictionary<string, Action> Functions = new()
    {
        ["Abs"] = () => Check(new UnaryFn.Abs()),
        ["Neg"] = () => Check(new UnaryFn.Neg()),
        ["Square"] = () => Check(new UnaryFn.Square()),
        ["Sqrt"] = () => Check(new UnaryFn.Sqrt()),
        ["Rsqrt"] = () => Check(new UnaryFn.Rsqrt()),
        ["Reciprocal"] = () => Check(new UnaryFn.Reciprocal()),
        ["Sign"] = () => Check(new UnaryFn.Sign()),
        ["Floor"] = () => Check(new UnaryFn.Floor()),
        ["Ceil"] = () => Check(new UnaryFn.Ceil()),
        ["Round"] = () => Check(new UnaryFn.Round()),
        ["LogicalNot"] = () => Check(new UnaryFn.LogicalNot()),
        ["IsNan"] = () => Check(new UnaryFn.IsNan()),
        ["IsInf"] = () => Check(new UnaryFn.IsInf()),
        ["Exp"] = () => Check(new UnaryFn.Exp()),
        ["Log"] = () => Check(new UnaryFn.Log()),
        ["Sin"] = () => Check(new UnaryFn.Sin()),
        ["Cos"] = () => Check(new UnaryFn.Cos()),
        ["Tan"] = () => Check(new UnaryFn.Tan()),
        ["Tanh"] = () => Check(new UnaryFn.Tanh()),
        ["Sinh"] = () => Check(new UnaryFn.Sinh()),
        ["Cosh"] = () => Check(new UnaryFn.Cosh()),
        ["Asin"] = () => Check(new UnaryFn.Asin()),
        ["Acos"] = () => Check(new UnaryFn.Acos()),
        ["Atan"] = () => Check(new UnaryFn.Atan()),
        ["Asinh"] = () => Check(new UnaryFn.Asinh()),
        ["Acosh"] = () => Check(new UnaryFn.Acosh()),
        ["Atanh"] = () => Check(new UnaryFn.Atanh()),
        ["Erf"] = () => Check(new UnaryFn.Erf()),
        ["Relu"] = () => Check(new UnaryFn.Relu()),
        ["Relu6"] = () => Check(new UnaryFn.Relu6()),
        ["ReluN1To1"] = () => Check(new UnaryFn.ReluN1To1()),
        ["Relu0To1"] = () => Check(new UnaryFn.Relu0To1()),
        ["Clip"] = () => Check(new UnaryFn.Clip(-0.3f, 1.7f)),
        ["LeakyRelu"] = () => Check(new UnaryFn.LeakyRelu(0.2f)),
        ["Elu"] = () => Check(new UnaryFn.Elu(1.3f)),
        ["Celu"] = () => Check(new UnaryFn.Celu(0.7f)),
        ["Selu"] = () => Check(new UnaryFn.Selu(1.67326324f, 1.05070102f)),
        ["Logistic"] = () => Check(new UnaryFn.Logistic()),
        ["Silu"] = () => Check(new UnaryFn.Silu(), 4e-6, 2e-43),
        ["HardSigmoid"] = () => Check(new UnaryFn.HardSigmoid(0.2f, 0.5f), 6e-7, 6e-8),
        ["HardSwish"] = () => Check(new UnaryFn.HardSwish()),
        ["Gelu"] = () => Check(new UnaryFn.Gelu(), 4e-6, 2e-43),
        ["GeluTanh"] = () => Check(new UnaryFn.GeluTanh(), 4e-6, 2e-43),
        ["Softplus"] = () => Check(new UnaryFn.Softplus()),
        ["Softsign"] = () => Check(new UnaryFn.Softsign()),
        ["Mish"] = () => Check(new UnaryFn.Mish(), 4e-6, 2e-43),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Every_row_gives_the_scalar_meaning_at_every_length(string name)
        => Functions[name]();

    [Fact]
    public void Exp_tanh_and_logistic_are_within_three_units_in_the_last_place()
    {
        Assert.InRange(WorstUlps(new UnaryFn.Exp(), Math.Exp, -87f, 88f), 0, 3);
        Assert.InRange(WorstUlps(new UnaryFn.Tanh(), Math.Tanh, -10f, 10f), 0, 3);
        Assert.InRange(WorstUlps(new UnaryFn.Tanh(), Math.Tanh, -0.01f, 0.01f), 0, 3);
        Assert.InRange(WorstUlps(new UnaryFn.Logistic(), ScalarMath.Logistic, -80f, 20f), 0, 3);
        Assert.InRange(WorstUlps(new UnaryFn.Erf(), ScalarMath.Erf, -4f, 4f), 0, 3);
    }

    [Fact]
    public void The_error_function_agrees_with_published_values()
    {
        // Abramowitz and Stegun, table 7.1, and NIST DLMF 7.23.
        Assert.Equal(0.5204998778130465, ScalarMath.Erf(0.5), 13);
        Assert.Equal(0.8427007929497149, ScalarMath.Erf(1), 13);
        Assert.Equal(0.9953222650189527, ScalarMath.Erf(2), 13);
        Assert.Equal(1, ScalarMath.Erfc(3) / 2.209049699858544e-05, 13);
        Assert.Equal(1, ScalarMath.Erfc(4) / 1.541725790028002e-08, 13);
        Assert.Equal(1.9999779095030015, ScalarMath.Erfc(-3), 13);
    }

    static double WorstUlps<TFn>(TFn fn, Func<double, double> exact, float low, float high)
        where TFn : struct, IUnary
    {
        float[] x = Fill.Float32(20000, 1, low, high);
        float[] y = new float[x.Length];
        double worst = 0;
        foreach (UnaryF32.Row<TFn> row in UnaryF32.Rows<TFn>().Where(r => r.IsSupported))
        {
            row.Run(fn, x, y);
            for (int i = 0; i < x.Length; i++)
            {
                double want = exact(x[i]);
                double ulp = Math.Max(MathF.BitIncrement(MathF.Abs((float)want))
                    - (double)MathF.Abs((float)want), float.Epsilon);
                worst = Math.Max(worst, Math.Abs(y[i] - want) / ulp);
            }
        }
        return worst;
    }

    // Near 0 and in thin tails the function itself multiplies a rounding of its argument.
    static void Check<TFn>(TFn fn, double relative = 6e-7, double absolute = 3e-45)
        where TFn : struct, IUnary
    {
        foreach (UnaryF32.Row<TFn> row in UnaryF32.Rows<TFn>().Where(r => r.IsSupported))
        {
            foreach (int n in Lengths.Short)
            {
                float[] x = Fill.Float32(n, n, -6f, 6f);
                for (int i = 0; i < n; i += 3)
                {
                    x[i] = Extremes[(i + n) % Extremes.Length];
                }
                CheckRow(fn, row, x, relative, absolute);
            }
        }
    }

    static void CheckRow<TFn>(
        TFn fn, UnaryF32.Row<TFn> row, float[] x, double relative, double absolute)
        where TFn : struct, IUnary
    {
        foreach (Guard guard in Enum.GetValues<Guard>())
        {
            using var source = new GuardedMemory<float>(x, guard);
            using var target = new GuardedMemory<float>(x.Length, guard);
            row.Run(fn, source.Span, target.Span);
            for (int i = 0; i < x.Length; i++)
            {
                float want = fn.Apply(x[i]);
                float got = target.Span[i];
                double allowed = (relative * Math.Abs((double)want)) + absolute;
                bool same = float.IsNaN(want) ? float.IsNaN(got)
                    : want == got || Math.Abs((double)got - want) <= allowed;
                Assert.True(same, $"{row}: f({x[i]:g9}) is {got:g9}, should be {want:g9}");
            }

            // In place, every bit as before: nothing is computed twice.
            float[] apart = target.Span.ToArray();
            row.Run(fn, source.Span, source.Span);
            Assert.Equal(
                apart.Select(BitConverter.SingleToInt32Bits),
                source.Span.ToArray().Select(BitConverter.SingleToInt32Bits));
        }
    }
}
