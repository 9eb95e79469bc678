using EdgeDL.Kernels.Pool;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Pool;

/// <summary>
/// Every row equals the scalar row at every count of channels, between guard pages.
/// </summary>
public sealed class PoolTests
{
    // Not a static readonly array: ILC 10.0 for arm64 loses the relocation of a preinitialized
    // array of structs when a loop runs over it (mov/movk of an address known at compile time).
    static PoolShape[] Windows =>
    [
        new(1, 5, 4, 0, 3, 2, 3, 3, 2, 2, 1, 1),
        new(2, 3, 3, 0, 2, 2, 2, 2, 1, 1, 0, 0),
        new(1, 4, 5, 0, 1, 1, 4, 5, 1, 1, 0, 0),
    ];

    [Fact]
    public void MaxPool_of_floats() => ForEach((shape, guard, pattern) => Same(
        MaxPool.Rows<float>(), shape, guard, Fill.Float32(Length(shape), 3, pattern),
        (f, x, y, s, end) => f(s, x.Span, y.Span, -1000f, 1000f, 0, end)));

    [Fact]
    public void MaxPool_of_int8() => ForEach((shape, guard, pattern) => Same(
        MaxPool.Rows<sbyte>(), shape, guard, Fill.Int8(Length(shape), 3, pattern),
        (f, x, y, s, end) => f(s, x.Span, y.Span, (sbyte)-100, (sbyte)100, 0, end)));

    [Fact]
    public void MaxPool_of_uint8() => ForEach((shape, guard, pattern) => Same(
        MaxPool.Rows<byte>(), shape, guard, Fill.UInt8(Length(shape), 3, pattern),
        (f, x, y, s, end) => f(s, x.Span, y.Span, (byte)0, (byte)255, 0, end)));

    [Fact]
    public void MaxPool_of_int16() => ForEach((shape, guard, pattern) => Same(
        MaxPool.Rows<short>(), shape, guard, Fill.Int16(Length(shape), 3, pattern),
        (f, x, y, s, end) => f(s, x.Span, y.Span, short.MinValue, (short)999, 0, end)));

    [Fact]
    public void AveragePool_of_int8() => ForEach((shape, guard, pattern) => Same(
        AveragePoolInteger.RowsS8(), shape, guard, Fill.Int8(Length(shape), 3, pattern),
        (f, x, y, s, end) => f(s, x.Span, y.Span, -128, 100, 0, end)));

    [Fact]
    public void AveragePool_of_uint8() => ForEach((shape, guard, pattern) => Same(
        AveragePoolInteger.RowsU8(), shape, guard, Fill.UInt8(Length(shape), 3, pattern),
        (f, x, y, s, end) => f(s, x.Span, y.Span, 3, 255, 0, end)));

    [Fact]
    public void AveragePool_of_floats() => ForEach((shape, guard, pattern) => Same(
        AveragePoolF32.Rows(), shape, guard, Fill.Float32(Length(shape), 3, pattern),
        (f, x, y, s, end) => f(s, x.Span, y.Span, float.MinValue, float.MaxValue, 0, end)));

    [Fact]
    public void L2Pool_of_floats() => ForEach((shape, guard, pattern) => Same(
        L2PoolF32.Rows(), shape, guard, Fill.Float32(Length(shape), 3, pattern),
        (f, x, y, s, end) => f(s, x.Span, y.Span, 0, float.MaxValue, 0, end)));

    [Fact]
    public void Averages_round_halves_away_from_zero()
    {
        var shape = new PoolShape(1, 1, 2, 16, 1, 1, 1, 2, 1, 1, 0, 0);
        sbyte[] x = [.. Enumerable.Range(0, 32).Select(i => (sbyte)(i < 16 ? i - 8 : 1))];
        foreach (var row in AveragePoolInteger.RowsS8().Where(r => r.IsSupported))
        {
            var y = new sbyte[16];
            row.Function(shape, x, y, -128, 127, 0, 1);
            for (int c = 0; c < 16; c++)
            {
                double exact = (x[c] + 1) / 2.0;
                Assert.Equal((sbyte)Math.Round(exact, MidpointRounding.AwayFromZero), y[c]);
            }
        }
    }

    [Fact]
    public void Large_windows_divide_exactly()
    {
        var random = new Random(4);
        foreach (int size in (int[])[3, 100, 181])
        {
            var shape = new PoolShape(1, size, size, 16, 1, 1, size, size, 1, 1, 0, 0);
            var x = new byte[size * size * 16];
            random.NextBytes(x);
            x.AsSpan(0, x.Length / 2).Fill(255);
            var expected = new byte[16];
            AveragePoolInteger.RowsU8()[^1].Function(shape, x, expected, 0, 255, 0, 1);
            var actual = new byte[16];
            AveragePoolInteger.RowsU8()[0].Function(shape, x, actual, 0, 255, 0, 1);
            Check.Same<byte>(expected, actual, $"{size}x{size}");
        }
    }

    [Fact]
    public void NaN_in_a_window_gives_NaN()
    {
        var shape = new PoolShape(1, 1, 2, 5, 1, 1, 1, 2, 1, 1, 0, 0);
        float[] x = [1, 2, float.NaN, 4, 5, 6, 7, 8, float.NaN, 10];
        foreach (var row in MaxPool.Rows<float>().Where(r => r.IsSupported))
        {
            var y = new float[5];
            row.Function(shape, x, y, float.NegativeInfinity, float.PositiveInfinity, 0, 1);
            Assert.Equal([6, 7, float.NaN, float.NaN, 10], y);
        }
    }

    static int Length(PoolShape s) => s.Batch * s.InputHeight * s.InputWidth * s.Channels;

    static void ForEach(Action<PoolShape, Guard, Pattern> test)
    {
        foreach (PoolShape window in Windows)
        {
            foreach (int channels in Lengths.Range(0, 40))
            {
                test(window with { Channels = channels }, Guard.End, Pattern.Random);
                test(window with { Channels = channels }, Guard.Start, Pattern.Alternating);
            }

            test(window with { Channels = 35 }, Guard.End, Pattern.Lowest);
            test(window with { Channels = 35 }, Guard.End, Pattern.Highest);
        }
    }

    delegate void Apply<T, TFunction>(
        TFunction f, GuardedMemory<T> x, GuardedMemory<T> y, PoolShape shape, int end)
        where T : unmanaged;

    static void Same<T, TFunction>(
        KernelRow<TFunction>[] rows, PoolShape shape, Guard guard, T[] values,
        Apply<T, TFunction> apply)
        where T : unmanaged, IEquatable<T>
        where TFunction : Delegate
    {
        using var x = new GuardedMemory<T>(values, guard);
        int outputs = shape.OutputRows * shape.OutputWidth * shape.Channels;
        using var expected = new GuardedMemory<T>(outputs, guard);
        apply(rows[^1].Function, x, expected, shape, shape.OutputRows);
        foreach (KernelRow<TFunction> row in rows.Where(r => r.IsSupported))
        {
            using var y = new GuardedMemory<T>(outputs, guard);
            apply(row.Function, x, y, shape, shape.OutputRows);
            Check.Same<T>(expected.Span, y.Span, $"{row.Name}, {shape}");
        }
    }
}
