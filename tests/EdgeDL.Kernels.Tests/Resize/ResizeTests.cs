using EdgeDL.Kernels.Resize;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Resize;

/// <summary>Every bilinear row equals the scalar row at every count of channels.</summary>
public sealed class ResizeTests
{
    [Fact]
    public void Rows_of_int8() => ForEach((shape, taps, guard, pattern) => Same(
        BilinearResize.RowsS8(), shape, taps, guard, Fill.Int8(Length(shape), 5, pattern)));

    [Fact]
    public void Rows_of_uint8() => ForEach((shape, taps, guard, pattern) => Same(
        BilinearResize.RowsU8(), shape, taps, guard, Fill.UInt8(Length(shape), 5, pattern)));

    [Fact]
    public void Rows_of_floats() => ForEach((shape, taps, guard, pattern) => Same(
        BilinearResize.RowsF32(), shape, taps, guard, Fill.Float32(Length(shape), 5, pattern)));

    [Fact]
    public void Corners_coincide()
    {
        var taps = new Tap[9];
        ResizeAxis.Linear(5, 9, ResizeGrid.AlignCorners, taps);
        Assert.Equal(new Tap(0, 1, 0), taps[0]);
        Assert.Equal(new Tap(1, 2, 0.5f), taps[3]);
        Assert.Equal(new Tap(4, 4, 0), taps[8]);
    }

    [Fact]
    public void Every_tap_lies_inside()
    {
        foreach (ResizeGrid grid in Enum.GetValues<ResizeGrid>())
        {
            for (int from = 1; from < 20; from++)
            {
                for (int to = 1; to < 40; to++)
                {
                    var taps = new Tap[to];
                    ResizeAxis.Linear(from, to, grid, taps);
                    Assert.All(taps, t => Assert.True(
                        t.First >= 0 && t.Second < from && t.First <= t.Second
                        && t.Weight >= 0 && t.Weight < 1));
                    ResizeAxis.LinearQ10(from, to, grid, taps);
                    Assert.All(taps, t => Assert.True(
                        t.First >= 0 && t.First < from && t.Second >= 0 && t.Second < from));
                    var indices = new int[to];
                    bool corners = grid == ResizeGrid.AlignCorners;
                    ResizeAxis.Nearest(from, to, corners, !corners, indices);
                    Assert.All(indices, i => Assert.InRange(i, 0, from - 1));
                }
            }
        }
    }

    static int Length(ResizeShape s) => s.Batch * s.InputHeight * s.InputWidth * s.Channels;

    static void ForEach(Action<ResizeShape, Tap[][], Guard, Pattern> test)
    {
        Tap[][] taps = [new Tap[7], new Tap[5]];
        ResizeAxis.Linear(3, 7, ResizeGrid.HalfPixelCenters, taps[0]);
        ResizeAxis.Linear(4, 5, ResizeGrid.AlignCorners, taps[1]);
        foreach (int channels in Lengths.Range(0, 40))
        {
            var shape = new ResizeShape(2, 3, 4, channels, 7, 5);
            test(shape, taps, Guard.End, Pattern.Random);
            test(shape, taps, Guard.Start, Pattern.Alternating);
            test(shape, taps, Guard.End, Pattern.Highest);
        }
    }

    static void Same<T>(
        KernelRow<BilinearResize.Function<T>>[] rows, ResizeShape shape, Tap[][] taps, Guard guard,
        T[] values)
        where T : unmanaged, IEquatable<T>
    {
        using var x = new GuardedMemory<T>(values, guard);
        int outputs = shape.OutputRows * shape.OutputWidth * shape.Channels;
        using var expected = new GuardedMemory<T>(outputs, guard);
        rows[^1].Function(shape, taps[0], taps[1], x.Span, expected.Span, 0, shape.OutputRows);
        foreach (var row in rows.Where(r => r.IsSupported))
        {
            using var y = new GuardedMemory<T>(outputs, guard);
            row.Function(shape, taps[0], taps[1], x.Span, y.Span, 0, shape.OutputRows);
            Check.Same<T>(expected.Span, y.Span, $"{row.Name}, {shape.Channels} channels");
        }
    }
}
