using EdgeDL.Kernels.Reduce;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Reduce;

/// <summary>Every row equals the scalar row at every run length, between guard pages.</summary>
public sealed class ReductionTests
{
    // Run reduced with groups, run kept with groups, run reduced alone.
    static readonly (int[] Dims, bool[] Reduced)[] forms =
    [
        ([3, 2, 0], [true, false, true]),
        ([2, 3, 0], [false, true, false]),
        ([2, 0], [false, true]),
    ];

    [Fact]
    public void Sums_of_int8() => ForEach((plan, p, g) =>
        Same(SumBytes.RowsS8(), plan, g, Fill.Int8(plan.InputLength, 5, p)));

    [Fact]
    public void Sums_of_uint8() => ForEach((plan, p, g) =>
        Same(SumBytes.RowsU8(), plan, g, Fill.UInt8(plan.InputLength, 5, p)));

    [Fact]
    public void Sums_of_int32_wrap() => ForEach((plan, p, g) =>
        Same(Reduction.Rows<int, SumOf<int>>(), plan, g, Fill.Int32(plan.InputLength, 5, p)));

    [Fact]
    public void Products_of_int32_wrap() => ForEach((plan, p, g) =>
        Same(Reduction.Rows<int, ProductOf<int>>(), plan, g, Fill.Int32(plan.InputLength, 5, p)));

    [Fact]
    public void Extremes_of_int8() => ForEach((plan, p, g) =>
    {
        sbyte[] x = Fill.Int8(plan.InputLength, 5, p);
        Same(Reduction.Rows<sbyte, MaxOf<sbyte>>(), plan, g, x);
        Same(Reduction.Rows<sbyte, MinOf<sbyte>>(), plan, g, x);
    });

    [Fact]
    public void Extremes_of_floats() => ForEach((plan, p, g) =>
    {
        float[] x = Fill.Float32(plan.InputLength, 5, p);
        Same(Reduction.Rows<float, MaxOf<float>>(), plan, g, x);
        Same(Reduction.Rows<float, MinOf<float>>(), plan, g, x);
    });

    [Fact]
    public void Truth_of_bytes() => ForEach((plan, p, g) =>
    {
        byte[] x = Fill.UInt8(plan.InputLength, 5, p);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (byte)(p == Pattern.Random ? x[i] % 3 / 2 : x[i] & 1);
        }

        Same(Reduction.Rows<byte, AnyOf>(), plan, g, x);
        Same(Reduction.Rows<byte, AllOf>(), plan, g, x);
    });

    [Fact]
    public void Sums_of_floats_are_near() => ForEach((plan, p, g) =>
    {
        float[] x = Fill.Float32(plan.InputLength, 5, p);
        Near(Reduction.Rows<float, SumOf<float>>(), plan, g, x);
        Near(Reduction.Rows<float, SumOfSquares>(), plan, g, x);
        Near(Reduction.Rows<float, SumOfMagnitudes>(), plan, g, x);
    });

    [Fact]
    public void NaN_anywhere_gives_NaN()
    {
        var plan = new ReducePlan([19], [true]);
        for (int at = 0; at < 19; at++)
        {
            float[] x = [.. Enumerable.Range(0, 19).Select(i => i == at ? float.NaN : i)];
            foreach (var row in Reduction.Rows<float, MaxOf<float>>()
                .Concat(Reduction.Rows<float, MinOf<float>>()).Where(r => r.IsSupported))
            {
                var y = new float[1];
                row.Function(plan, x, y, 0, 1);
                Assert.True(float.IsNaN(y[0]), $"{row.Name} at {at}");
            }
        }
    }

    [Fact]
    public void Work_ranges_fill_their_own_outputs()
    {
        var plan = new ReducePlan([7, 3, 20], [false, true, false]);
        int[] x = Fill.Int32(plan.InputLength, 2, -9, 9);
        foreach (var row in Reduction.Rows<int, SumOf<int>>().Where(r => r.IsSupported))
        {
            var whole = new int[plan.OutputLength];
            row.Function(plan, x, whole, 0, 7);
            var parts = new int[plan.OutputLength];
            row.Function(plan, x, parts, 5, 7);
            Assert.All(parts[..100], v => Assert.Equal(0, v));
            row.Function(plan, x, parts, 0, 5);
            Assert.Equal(whole, parts);
        }
    }

    [Fact]
    public void LogSumExp_of_infinities()
    {
        Assert.Equal(
            float.NegativeInfinity, LogSumExp(float.NegativeInfinity, float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, LogSumExp(1, float.PositiveInfinity));
        Assert.Equal(1000.69315, LogSumExp(1000, 1000), 4);
        Assert.True(float.IsNaN(LogSumExp(1, float.NaN)));
        Assert.Equal(float.NegativeInfinity, LogSumExp());
    }

    static float LogSumExp(params float[] x)
    {
        var plan = new ReducePlan([x.Length], [true]);
        var y = new float[1];
        Reduction.Rows<float, MaxOf<float>>()[^1].Function(plan, x, y, 0, 1);
        LogSumExpF32.Run(plan, x, y, new float[1], 0, 1);
        return y[0];
    }

    static void ForEach(Action<ReducePlan, Pattern, Guard> test)
    {
        foreach ((int[] dims, bool[] reduced) in forms)
        {
            foreach (int n in Lengths.Short)
            {
                int[] sized = [.. dims[..^1], n];
                test(new ReducePlan(sized, reduced), Pattern.Random, Guard.End);
                test(new ReducePlan(sized, reduced), Pattern.Alternating, Guard.Start);
            }

            test(new ReducePlan([.. dims[..^1], 67], reduced), Pattern.Lowest, Guard.End);
            test(new ReducePlan([.. dims[..^1], 67], reduced), Pattern.Highest, Guard.End);
        }
    }

    static void Same<TIn, TAcc>(
        KernelRow<Reduction.Function<TIn, TAcc>>[] rows, ReducePlan plan, Guard guard, TIn[] values)
        where TIn : unmanaged
        where TAcc : unmanaged, IEquatable<TAcc>
    {
        using var x = new GuardedMemory<TIn>(values, guard);
        using var expected = new GuardedMemory<TAcc>(plan.OutputLength, guard);
        rows[^1].Function(plan, x.Span, expected.Span, 0, plan.Kept);
        foreach (var row in rows.Where(r => r.IsSupported))
        {
            using var y = new GuardedMemory<TAcc>(plan.OutputLength, guard);
            row.Function(plan, x.Span, y.Span, 0, plan.Kept);
            Check.Same<TAcc>(expected.Span, y.Span, $"{row.Name}, run {plan.Run}");
        }
    }

    static void Near(
        KernelRow<Reduction.Function<float, float>>[] rows, ReducePlan plan, Guard guard,
        float[] values)
    {
        using var x = new GuardedMemory<float>(values, guard);
        var expected = new float[plan.OutputLength];
        rows[^1].Function(plan, x.Span, expected, 0, plan.Kept);
        double size = values.Sum(v => (double)v * v) + values.Sum(v => Math.Abs((double)v));
        foreach (var row in rows.Where(r => r.IsSupported))
        {
            using var y = new GuardedMemory<float>(plan.OutputLength, guard);
            row.Function(plan, x.Span, y.Span, 0, plan.Kept);
            Check.Near(expected, y.Span, 1e-6, 1e-6 * size, $"{row.Name}, run {plan.Run}");
        }
    }
}
