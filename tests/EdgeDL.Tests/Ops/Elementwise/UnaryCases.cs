using EdgeDL.Kernels.Elementwise;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Elementwise;

/// <summary>Functions of one number: fp32, 8 and 16 bits against one double function.</summary>
sealed class UnaryCases : IOpCases
{
    static readonly int[] shape = [3, 5, 7];

    /// <summary>Where a function is defined, and which quantization its results fit.</summary>
    sealed record Form(Op Op, Func<double, double> F, double Low = -6, double High = 6)
    {
        public float Scale { get; init; } = 6f / 127;

        public int Zero { get; init; }

        public double Relative { get; init; } = 1e-5;

        public int Steps { get; init; } = 1;

        /// <summary>16 bits interpolate a table: so many steps of a 16-bit output.</summary>
        public int Steps16 { get; init; } = 40;

        public bool Integers { get; init; } = true;
    }

    static double Sigmoid(double x) => ScalarMath.Logistic(x);

    static double Plus(double x) => ScalarMath.Softplus(x);

    static double Bend(double x, double alpha) => x < 0 ? alpha * ScalarMath.ExpM1(x) : x;

    static IEnumerable<Form> Forms()
    {
        yield return new(new Abs(), Math.Abs);
        yield return new(new Square(), x => x * x) { Scale = 36f / 127 };
        yield return new(new Sqrt(), Math.Sqrt, 0) { Steps16 = 2000 };
        yield return new(new Rsqrt(), x => 1 / Math.Sqrt(x), 0.25) { Integers = false };
        yield return new(new Reciprocal(), x => 1 / x, 0.25) { Integers = false };
        yield return new(new Floor(), Math.Floor) { Integers = false };
        yield return new(new Ceil(), Math.Ceiling) { Integers = false };
        yield return new(new Round(), x => Math.Round(x)) { Integers = false };
        yield return new(new Sign(), x => Math.Sign(x)) { Integers = false };
        yield return new(new Exp(), Math.Exp, -6, 4) { Scale = 60f / 127 };
        yield return new(new Log(), Math.Log, 0.05) { Integers = false };
        yield return new(new Log1p(), ScalarMath.Log1p, -0.9) { Integers = false };
        yield return new(new Expm1(), ScalarMath.ExpM1, -6, 4) { Scale = 60f / 127 };
        yield return new(new Sin(), Math.Sin);
        yield return new(new Cos(), Math.Cos);
        yield return new(new Tan(), Math.Tan, -1.4, 1.4) { Integers = false };
        yield return new(new Asin(), Math.Asin, -1, 1) { Integers = false };
        yield return new(new Acos(), Math.Acos, -1, 1) { Integers = false };
        yield return new(new Atan(), Math.Atan);
        yield return new(new Sinh(), Math.Sinh, -4, 4) { Scale = 30f / 127 };
        yield return new(new Cosh(), Math.Cosh, -4, 4) { Scale = 30f / 127 };
        yield return new(new Asinh(), Math.Asinh);
        yield return new(new Acosh(), Math.Acosh, 1, 9) { Integers = false };
        yield return new(new Atanh(), Math.Atanh, -0.9, 0.9) { Integers = false };
        yield return new(new Erf(), ScalarMath.Erf) { Scale = 1f / 127 };
        yield return new(new Relu(), x => Math.Max(x, 0));
        yield return new(new Relu6(), x => Math.Clamp(x, 0, 6), -9, 9);
        yield return new(new ReluN1To1(), x => Math.Clamp(x, -1, 1));
        yield return new(new Relu0To1(), x => Math.Clamp(x, 0, 1));
        yield return new(new Clip(-0.5f, 2.5f), x => Math.Clamp(x, -0.5, 2.5));
        yield return new(new LeakyRelu(0.25f), x => x < 0 ? 0.25 * x : x);
        yield return new(new LeakyRelu(-0.5f), x => x < 0 ? -0.5 * x : x);
        yield return new(new ThresholdedRelu(1f), x => x > 1 ? x : 0) { Integers = false };
        yield return new(new Shrink(0.5f, 0.25f),
            x => x < -0.5 ? x + 0.25 : x > 0.5 ? x - 0.25 : 0) { Integers = false };
        yield return new(new Elu(1f), x => Bend(x, 1));
        yield return new(new Celu(0.5f), x => x < 0 ? Bend(x / 0.5, 0.5) : x);
        yield return new(new Selu(1.5f, 1.25f), x => 1.25 * Bend(x, 1.5)) { Scale = 8f / 127 };
        yield return new(new Gelu(), x => 0.5 * x * ScalarMath.Erfc(-x / Math.Sqrt(2)));
        yield return new(new GeluTanh(),
            x => x * Sigmoid(Math.Sqrt(8 / Math.PI) * (x + (0.044715 * x * x * x))));
        yield return new(new Logistic(), Sigmoid) { Scale = 1f / 256, Zero = -128 };
        yield return new(new Silu(), x => x * Sigmoid(x));
        yield return new(new HardSigmoid(0.25f, 0.5f), x => Math.Clamp((0.25 * x) + 0.5, 0, 1))
        { Scale = 1f / 127 };
        yield return new(new HardSwish(), x => x * Math.Clamp(x + 3, 0, 6) / 6);
        yield return new(new Mish(), x => x * Math.Tanh(Plus(x)));
        yield return new(new Softplus(), Plus);
        yield return new(new Softsign(), x => x / (1 + Math.Abs(x))) { Scale = 1f / 127 };
        yield return new(new Tanh(), Math.Tanh) { Scale = 1f / 128 };
    }

    public static IEnumerable<OpCase> Cases()
    {
        int serial = 0;
        foreach (Form f in Forms())
        {
            string name = $"{serial++}";
            void Reference(OpRun r) => r.Map(f.F);
            yield return new($"{name} f32", f.Op, [F32(shape).Between(f.Low, f.High)], Reference)
            { Relative = f.Relative };
            if (!f.Integers)
            {
                continue;
            }

            float scale = (float)((f.High - f.Low) / 255);
            int zero = (int)Math.Clamp(Math.Round(-128 - (f.Low / scale)), -128, 127);
            bool symmetric = f.Op is Tanh or Logistic;
            yield return new($"{name} i8", f.Op, [I8(scale, zero, shape)], Reference)
            { Out = [Q(f.Scale, f.Zero)], Steps = f.Steps };
            yield return new($"{name} u8", f.Op, [U8(scale, zero + 128, shape)], Reference)
            { Out = [Q(f.Scale, f.Zero + 128)], Steps = f.Steps };
            float scale16 = (float)(Math.Max(Math.Abs(f.Low), f.High) / 32768);
            if (f.Low < 0)
            {
                yield return new($"{name} i16", f.Op, [I16(scale16, shape)], Reference)
                { Out = [Q(symmetric ? 1 / 32768f : f.Scale / 256, 0)], Steps = f.Steps16 };
            }
        }

        foreach (DType type in (DType[])[DType.Int8, DType.UInt8, DType.Int16, DType.UInt16,
            DType.Int32, DType.UInt32, DType.Int64, DType.UInt64])
        {
            Arg x = Plain(type, 65);
            yield return new($"{type}", new Abs(), [x], r => r.Map(Math.Abs));
            yield return new($"{type}", new Square(), [x.Between(0, 11)], r => r.Map(v => v * v));
            yield return new($"{type}", new Sign(), [x], r => r.Map(v => Math.Sign(v)));
            yield return new($"{type}", new Relu(), [x], r => r.Map(v => Math.Max(v, 0)));
            yield return new($"{type}", new PopulationCount(), [x.Between(0, 100)],
                r => r.Map(v => System.Numerics.BitOperations.PopCount((ulong)v)));
        }

        yield return new("f32", new Neg(), [F32(shape)], r => r.Map(v => -v));
        yield return new("i32", new Neg(), [I32(shape)], r => r.Map(v => -v));
        yield return new("i64", new Neg(), [I64(shape)], r => r.Map(v => -v));
        Arg small = I8(0.1f, 0, shape).Between(-12, 12);
        yield return new("i8 keeps its quantization", new Neg(), [small],
            r => r.Map(v => -v)) { Out = [Q(0.1f, 0)] };
        yield return new("i16", new Neg(), [I16(0.1f, shape).Between(-9, 9)], r => r.Map(v => -v))
        { Out = [Q(0.1f, 0)] };
        yield return new("i32", new BitwiseNot(), [I32(shape)], r => r.Map(v => -v - 1));
        yield return new("i8", new BitwiseNot(), [Plain(DType.Int8, 33)],
            r => r.Map(v => -v - 1));
        yield return new("bool", new LogicalNot(), [Bool(shape)], r => r.Map(v => 1 - v));
        double[] odd = [0, -1, 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        yield return new("f32", new IsNan(), [F32(6).Of(odd)],
            r => r.Map(v => double.IsNaN(v) ? 1 : 0));
        yield return new("f32", new IsInf(), [F32(6).Of(odd)],
            r => r.Map(v => double.IsInfinity(v) ? 1 : 0));
        yield return new("f32", new SignBit(), [F32(3).Of(0, -1, 1)],
            r => r.Map(v => v < 0 ? 1 : 0));
        yield return new("8 bits", new FakeQuant(-1f, 1.5f, 8, false), [F32(shape)],
            r => r.Map(v => Fake(v, -1, 1.5, 255))) { Absolute = 1e-6 };
        yield return new("4 bits, narrow", new FakeQuant(0f, 6f, 4, true), [F32(shape)],
            r => r.Map(v => Fake(v, 0, 6, 14))) { Absolute = 1e-6 };
        yield return new("empty", new Relu(), [F32(3, 0, 2)], r => { });
        yield return new("large", new Tanh(), [F32(50000).Between(-4, 4)], r => r.Map(Math.Tanh));
        foreach ((string name, Op op, Func<double, double, double> f) in ((string, Op,
            Func<double, double, double>)[])[("re", new Real(), (a, b) => a),
            ("im", new Imag(), (a, b) => b), ("abs", new ComplexAbs(), (a, b) =>
            Math.Sqrt((a * a) + (b * b)))])
        {
            yield return new(name, op, [Plain(DType.Complex64, 3, 5)], r =>
            {
                for (int i = 0; i < r.Out(0).Count; i++)
                {
                    r.Out(0)[i] = f(r.In(0)[2 * i], r.In(0)[(2 * i) + 1]);
                }
            });
        }
    }

    static double Fake(double x, double min, double max, int steps)
    {
        double scale = (max - min) / steps;
        double zero = Math.Round(-min / scale);
        double low = -zero * scale;
        double q = Math.Round((Math.Clamp(x, low, (steps - zero) * scale) - low) / scale);
        return (q * scale) + low;
    }
}
