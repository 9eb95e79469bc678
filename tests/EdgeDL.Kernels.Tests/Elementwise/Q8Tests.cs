using System.Numerics;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Kernels.Quant;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Elementwise;

/// <summary>8-bit sums, products and conversions: the same bits from every row.</summary>
public class Q8Tests
{
    [Fact]
    public void Sums_equal_an_independent_reference_on_every_row()
    {
        (float A, int Za, float B, int Zb, float Y, int Zy)[] cases =
        [
            (0.1f, 3, 0.2f, -7, 0.25f, 5), (0.01f, -128, 1f, 127, 0.5f, -128),
            (1f, 0, 1f, 0, 1f, 0), (0.003f, 10, 0.7f, -10, 0.7f, 20), (5f, 1, 4f, 2, 0.05f, 3),
        ];
        foreach ((float a, int za, float b, int zb, float y, int zy) in cases)
        {
            var signed = new Q8Output(y, zy, -128, 127);
            CheckAdd<sbyte>(a / y, b / y, Q8Fn.Add.Sum(a, za, b, zb, signed), za, zb, zy, -128);
            CheckAdd<sbyte>(
                a / y, -(b / y), Q8Fn.Add.Difference(a, za, b, zb, signed), za, zb, zy, -128);
            var unsigned = new Q8Output(y, zy + 128, 0, 255);
            CheckAdd<byte>(
                a / y,
                b / y,
                Q8Fn.Add.Sum(a, za + 128, b, zb + 128, unsigned),
                za + 128,
                zb + 128,
                zy + 128,
                0);
        }
    }

    [Fact]
    public void Products_equal_an_independent_reference_on_every_row()
    {
        (float A, int Za, float B, int Zb, float Y, int Zy)[] cases =
        [
            (0.1f, 3, 0.2f, -7, 0.25f, 5), (0.01f, -128, 1f, 127, 0.5f, -128),
            (1f, 0, 0.5f, 0, 1f, 0), (0.02f, 10, 0.03f, -10, 0.7f, 20),
        ];
        foreach ((float a, int za, float b, int zb, float y, int zy) in cases)
        {
            var fn = new Q8Fn.Mul(a, za, b, zb, new Q8Output(y, zy, -128, 127));
            float scale = a * b / y;
            CheckRows<sbyte, Q8Fn.Mul>(fn, (p, q) => (int)Math.Clamp(
                Math.Round((double)((p - za) * (q - zb) * scale)) + zy, -128, 127));
            var fn8 = new Q8Fn.Mul(a, za + 128, b, zb + 128, new Q8Output(y, zy + 128, 7, 240));
            CheckRows<byte, Q8Fn.Mul>(fn8, (p, q) => (int)Math.Clamp(
                Math.Round((double)((p - za - 128) * (q - zb - 128) * scale)) + zy + 128, 7, 240));
        }
    }

    [Fact]
    public void Reals_are_dequantized_computed_and_quantized_on_every_row()
    {
        FixedInput[] operands = [new(0.1f, 3), new(0.07f, -20), new(0.5f, 1), new(0.0127f, -128)];
        Q8Output[] outputs =
        [
            new(0.25f, 5, -128, 127), new(0.0313f, -128, -128, 127), new(1f, 7, 0, 90),
        ];
        foreach (FixedInput a in operands)
        {
            foreach (Q8Output y in outputs)
            {
                FixedInput b = operands[1];
                CheckReal<BinaryFn.Add<float>>(a, b, y, (p, q) => p + q);
                CheckReal<BinaryFn.Sub<float>>(a, b, y, (p, q) => p - q);
                CheckReal<BinaryFn.Mul<float>>(a, b, y, (p, q) => p * q);
                CheckReal<BinaryFn.Div>(a, b, y, (p, q) => p / q);
            }
        }
    }

    static void CheckReal<TFn>(
        FixedInput a, FixedInput b, Q8Output y, Func<float, float, float> fn)
        where TFn : struct, ILaneBinary<float>
    {
        int Want(int p, int q, int shift)
        {
            float real = fn((p - shift - a.Zero) * a.Scale, (q - shift - b.Zero) * b.Scale);
            double steps = Math.Round((double)(real / y.Scale));
            return (int)Math.Clamp(
                (double.IsNaN(steps) ? 0 : steps) + y.Zero + shift, y.Min + shift, y.Max + shift);
        }

        CheckRows<sbyte, RealFn.Lanes<TFn>>(new(default, a, b, y), (p, q) => Want(p, q, 0));
        CheckRows<byte, RealFn.Lanes<TFn>>(
            new(
                default, a with { Zero = a.Zero + 128 }, b with { Zero = b.Zero + 128 },
                y with { Zero = y.Zero + 128, Min = y.Min + 128, Max = y.Max + 128 }),
            (p, q) => Want(p, q, 128));
    }

    [Fact]
    public void Quantizing_gives_the_same_bits_on_every_row()
    {
        Quantizes<sbyte, QuantizeLinear.ByReciprocal>(0.5f, -3, x => x * (1 / 0.5f));
        Quantizes<byte, QuantizeLinear.ByReciprocal>(0.3f, 130, x => x * (1 / 0.3f));
        Quantizes<sbyte, QuantizeLinear.ByDivision>(0.3f, -3, x => x / 0.3f);
        Quantizes<byte, QuantizeLinear.ByDivision>(0.7f, 130, x => x / 0.7f);
    }

    static void Quantizes<T, TSteps>(float scale, int zero, Func<float, float> steps)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TSteps : struct, QuantizeLinear.ISteps
    {
        foreach (QuantizeLinear.Row<T, TSteps> row in Supported(
            QuantizeLinear.Rows<T, TSteps>(), r => r.IsSupported))
        {
            CheckQuantize<T>((x, y) => row.Run(x, scale, zero, y), steps, zero);
        }
    }

    [Fact]
    public void Dequantizing_gives_the_same_bits_on_every_row()
    {
        foreach (int n in Lengths.Short)
        {
            sbyte[] s = Fill.Int8(n, n, Pattern.Random);
            byte[] u = Fill.UInt8(n, n, Pattern.Random);
            foreach (DequantizeLinear.Row<sbyte> row in Supported(
                DequantizeLinear.Rows<sbyte>(), r => r.IsSupported))
            {
                using var x = new GuardedMemory<sbyte>(s, Guard.End);
                using var y = new GuardedMemory<float>(n, Guard.End);
                row.Run(x.Span, 0.037f, -5, y.Span);
                Assert.Equal(s.Select(v => (v + 5) * 0.037f), y.Span.ToArray());
            }
            foreach (DequantizeLinear.Row<byte> row in Supported(
                DequantizeLinear.Rows<byte>(), r => r.IsSupported))
            {
                using var x = new GuardedMemory<byte>(u, Guard.Start);
                using var y = new GuardedMemory<float>(n, Guard.Start);
                row.Run(x.Span, 0.037f, 128, y.Span);
                Assert.Equal(u.Select(v => (v - 128) * 0.037f), y.Span.ToArray());
            }
        }
    }

    static IEnumerable<TRow> Supported<TRow>(TRow[] rows, Func<TRow, bool> supported)
        => rows.Where(supported);

    delegate void Quantizer<T>(ReadOnlySpan<float> x, Span<T> y);

    static void CheckQuantize<T>(Quantizer<T> run, Func<float, float> steps, int zero)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        int min = int.CreateTruncating(T.MinValue);
        int max = int.CreateTruncating(T.MaxValue);
        float[] extremes =
        [
            0f, -0f, 0.25f, 0.75f, -0.25f, -0.75f, 1e30f, -1e30f, float.NaN,
            float.PositiveInfinity, float.NegativeInfinity,
        ];
        foreach (int n in Lengths.Short)
        {
            float[] x = Fill.Float32(n, n, -90f, 90f);
            for (int i = 0; i < n; i += 2)
            {
                x[i] = extremes[(i / 2 + n) % extremes.Length];
            }
            using var gx = new GuardedMemory<float>(x, Guard.End);
            using var gy = new GuardedMemory<T>(n, Guard.End);
            run(gx.Span, gy.Span);
            Assert.Equal(
                x.Select(v => float.IsNaN(v)
                    ? zero
                    : (int)Math.Clamp(Math.Round((double)steps(v)) + zero, min, max)),
                gy.Span.ToArray().Select(int.CreateTruncating));
        }
    }

    // The sum in 64-bit integers from multipliers found by decimal reasoning, not by bit shifts.
    static void CheckAdd<T>(
        float ratioA, float ratioB, Q8Fn.Add fn, int za, int zb, int zy, int min)
        where T : unmanaged, INumber<T>
    {
        int shift = 0;
        double largest = Math.Max(Math.Abs((double)ratioA), Math.Abs((double)ratioB));
        while (largest * Math.Pow(2, shift) < 1 << 20)
        {
            shift++;
        }
        long ma = (long)Math.Round(ratioA * Math.Pow(2, shift));
        long mb = (long)Math.Round(ratioB * Math.Pow(2, shift));
        CheckRows<T, Q8Fn.Add>(fn, (a, b) =>
        {
            long sum = ((a - za) * ma) + ((b - zb) * mb) + (1L << (shift - 1));
            return (int)Math.Clamp((sum >> shift) + zy, min, min + 255);
        });
    }

    static void CheckRows<T, TFn>(TFn fn, Func<int, int, int> want)
        where T : unmanaged, INumber<T>
        where TFn : struct, IQ8Binary
    {
        foreach (Q8Binary.Row<T, TFn> row in Supported(
            Q8Binary.Rows<T, TFn>(), r => r.IsSupported))
        {
            foreach (int n in Lengths.Short)
            {
                CheckRow(fn, row, Values<T>(n, 1), Values<T>(n, 2), n, want);
                CheckRow(fn, row, Values<T>(1, 3), Values<T>(n, 4), n, want);
                CheckRow(fn, row, Values<T>(n, 5), Values<T>(1, 6), n, want);
            }
        }
    }

    static T[] Values<T>(int n, int seed)
        where T : unmanaged, INumber<T>
        => [.. Fill.UInt8(n, seed * 100 + n, Pattern.Random).Select(
            (v, i) => T.CreateTruncating(unchecked((sbyte)(i % 9 == 0 ? 128 : v))))];

    static void CheckRow<T, TFn>(
        TFn fn, Q8Binary.Row<T, TFn> row, T[] a, T[] b, int n, Func<int, int, int> want)
        where T : unmanaged, INumber<T>
        where TFn : struct, IQ8Binary
    {
        using var ga = new GuardedMemory<T>(a, Guard.End);
        using var gb = new GuardedMemory<T>(b, Guard.Start);
        using var gy = new GuardedMemory<T>(n, Guard.End);
        row.Run(fn, ga.Span, gb.Span, gy.Span);
        for (int i = 0; i < n; i++)
        {
            int p = int.CreateTruncating(a[a.Length == 1 ? 0 : i]);
            int q = int.CreateTruncating(b[b.Length == 1 ? 0 : i]);
            Assert.True(
                want(p, q) == int.CreateTruncating(gy.Span[i]),
                $"{row} n {n}: fn({p}, {q}) is {gy.Span[i]}, should be {want(p, q)}");
        }
    }
}
