using System.Numerics;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Elementwise;

/// <summary>Every row of every binary function against the function's scalar meaning.</summary>
public class BinaryTests
{
    [Fact]
    public void Float_rows_equal_the_scalar_meaning()
    {
        CheckFloat(new BinaryFn.Add<float>());
        CheckFloat(new BinaryFn.Sub<float>());
        CheckFloat(new BinaryFn.Mul<float>());
        CheckFloat(new BinaryFn.Div());
        CheckFloat(new BinaryFn.Maximum<float>());
        CheckFloat(new BinaryFn.Minimum<float>());
        CheckFloat(new BinaryFn.SquaredDifference<float>());
        CheckFloat(new BinaryFn.Clamped<float, BinaryFn.Add<float>>(default, 0f, 6f));
    }

    [Fact]
    public void Integer_rows_equal_the_scalar_meaning()
    {
        CheckInteger<sbyte>();
        CheckInteger<byte>();
        CheckInteger<short>();
        CheckInteger<int>();
        CheckInteger<long>();
    }

    [Theory]
    [InlineData(7, 2, 3, 3, 1, 1)]
    [InlineData(-7, 2, -3, -4, 1, -1)]
    [InlineData(7, -2, -3, -4, -1, 1)]
    [InlineData(-7, -2, 3, 3, -1, -1)]
    [InlineData(-8, 2, -4, -4, 0, 0)]
    [InlineData(5, 0, 0, 0, 0, 0)]
    [InlineData(int.MinValue, -1, int.MinValue, int.MinValue, 0, 0)]
    public void Integer_division_is_defined_for_every_pair(
        int a, int b, int div, int floorDiv, int floorMod, int mod)
    {
        Assert.Equal(div, default(BinaryFn.DivInteger<int>).Apply(a, b));
        Assert.Equal(floorDiv, default(BinaryFn.FloorDivInteger<int>).Apply(a, b));
        Assert.Equal(floorMod, default(BinaryFn.FloorModInteger<int>).Apply(a, b));
        Assert.Equal(mod, default(BinaryFn.ModInteger<int>).Apply(a, b));
    }

    [Fact]
    public void Powers_shifts_and_float_remainders()
    {
        Assert.Equal(243, default(BinaryFn.PowInteger<int>).Apply(3, 5));
        Assert.Equal(0, default(BinaryFn.PowInteger<int>).Apply(3, -1));
        Assert.Equal(-1, default(BinaryFn.PowInteger<int>).Apply(-1, -3));
        Assert.Equal(1, default(BinaryFn.PowInteger<int>).Apply(0, 0));
        Assert.Equal((sbyte)-128, default(BinaryFn.ShiftLeft<sbyte>).Apply(1, 7));
        Assert.Equal((sbyte)0, default(BinaryFn.ShiftLeft<sbyte>).Apply(1, 8));
        Assert.Equal((sbyte)-1, default(BinaryFn.ShiftRight<sbyte>).Apply(-128, 9));
        Assert.Equal((sbyte)-32, default(BinaryFn.ShiftRight<sbyte>).Apply(-128, 2));
        Assert.Equal(-4f, default(BinaryFn.FloorDiv).Apply(-7f, 2f));
        Assert.Equal(1f, default(BinaryFn.FloorMod).Apply(-7f, 2f));
        Assert.Equal(-1f, default(BinaryFn.FloorMod).Apply(7f, -2f));
        Assert.Equal(-1f, default(BinaryFn.Mod).Apply(-7f, 2f));
    }

    [Fact]
    public void Operands_that_do_not_fit_are_refused()
    {
        foreach (Binary.Row<float, BinaryFn.Add<float>> row
            in Binary.LaneRows<float, BinaryFn.Add<float>>().Where(r => r.IsSupported))
        {
            Assert.Throws<ArgumentException>(
                () => row.Run(default, new float[3], new float[4], new float[4]));
        }
    }

    [Fact]
    public void Comparisons_select_and_tables()
    {
        foreach (int n in Lengths.Short)
        {
            int[] a = Fill.Int32(n, 1, -2, 2);
            int[] b = Fill.Int32(n, 2, -2, 2);
            byte[] y = new byte[n];
            Compare.Run<int, CompareFn.Less<int>>(default, a, b, y);
            Assert.Equal(a.Zip(b, (p, q) => p < q ? 1 : 0), y.Select(v => (int)v));
            int[] one = [1];
            Compare.Run<int, CompareFn.GreaterEqual<int>>(default, a, one, y);
            Assert.Equal(a.Select(p => p >= 1 ? 1 : 0), y.Select(v => (int)v));
            Compare.Run<int, CompareFn.NotEqual<int>>(default, one, b, y);
            Assert.Equal(b.Select(q => q != 1 ? 1 : 0), y.Select(v => (int)v));

            int[] chosen = new int[n];
            Select.Run<int>(y, a, one, chosen);
            Assert.Equal(y.Zip(a, (c, p) => c != 0 ? p : 1), chosen);

            byte[] table = [.. Enumerable.Range(0, 256).Select(v => (byte)(255 - v))];
            byte[] x = Fill.UInt8(n, n, Pattern.Random);
            Table8.Run(table, x, x.AsSpan());
            Assert.Equal(Fill.UInt8(n, n, Pattern.Random).Select(v => (byte)(255 - v)), x);
        }
    }

    static void CheckInteger<T>()
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T[] Values(int n, int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, n).Select(i => i % 5 == 0 ? T.MinValue
                : i % 7 == 0 ? T.MaxValue : T.CreateTruncating(random.NextInt64()))];
        }

        CheckRows(new BinaryFn.Add<T>(), Values);
        CheckRows(new BinaryFn.Sub<T>(), Values);
        CheckRows(new BinaryFn.Mul<T>(), Values);
        CheckRows(new BinaryFn.Maximum<T>(), Values);
        CheckRows(new BinaryFn.Minimum<T>(), Values);
        CheckRows(new BinaryFn.SquaredDifference<T>(), Values);
        CheckRows(new BinaryFn.And<T>(), Values);
        CheckRows(new BinaryFn.Or<T>(), Values);
        CheckRows(new BinaryFn.Xor<T>(), Values);
        CheckRows(
            new BinaryFn.Clamped<T, BinaryFn.Add<T>>(default, T.One, T.CreateTruncating(9)),
            Values);
    }

    static void CheckFloat<TFn>(TFn fn)
        where TFn : struct, ILaneBinary<float>
    {
        float[] extremes =
        [
            0f, -0f, 1e30f, -1e30f, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
        ];
        CheckRows(fn, (n, seed) =>
        {
            float[] x = Fill.Float32(n, seed, -3f, 3f);
            for (int i = seed % 4; i < n; i += 4)
            {
                x[i] = extremes[(i + seed + n) % extremes.Length];
            }
            return x;
        });
    }

    static void CheckRows<T, TFn>(TFn fn, Func<int, int, T[]> values)
        where T : unmanaged, INumber<T>
        where TFn : struct, ILaneBinary<T>
    {
        foreach (Binary.Row<T, TFn> row in Binary.LaneRows<T, TFn>().Where(r => r.IsSupported))
        {
            foreach (int n in Lengths.Short)
            {
                CheckRow(fn, row, values(n, 1), values(n, 2), n);
                CheckRow(fn, row, values(1, 3), values(n, 4), n);
                CheckRow(fn, row, values(n, 5), values(1, 6), n);
            }
        }
    }

    static void CheckRow<T, TFn>(TFn fn, Binary.Row<T, TFn> row, T[] a, T[] b, int n)
        where T : unmanaged, INumber<T>
        where TFn : struct, ILaneBinary<T>
    {
        using var ga = new GuardedMemory<T>(a, Guard.End);
        using var gb = new GuardedMemory<T>(b, Guard.Start);
        using var gy = new GuardedMemory<T>(n, Guard.End);
        row.Run(fn, ga.Span, gb.Span, gy.Span);
        for (int i = 0; i < n; i++)
        {
            T p = a[a.Length == 1 ? 0 : i];
            T q = b[b.Length == 1 ? 0 : i];
            T want = fn.Apply(p, q);
            T got = gy.Span[i];
            Assert.True(
                want == got || (T.IsNaN(want) && T.IsNaN(got)),
                $"{row} {typeof(TFn)} n {n}: fn({p}, {q}) is {got}, should be {want}");
        }
    }
}
