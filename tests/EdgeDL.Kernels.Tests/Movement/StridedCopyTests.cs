using EdgeDL.Kernels.Movement;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Movement;

public sealed unsafe class StridedCopyTests
{
    [Fact]
    public void Any_axes_copy_as_the_definition_says()
    {
        var random = new Random(7);
        for (int trial = 0; trial < 600; trial++)
        {
            int rank = random.Next(0, 6);
            int size = (int[])[1, 2, 3, 4, 8, 12, 16] is var sizes ? sizes[random.Next(7)] : 1;
            int[] extents = [.. Enumerable.Range(0, rank).Select(
                _ => random.Next(0, 7) is 0 ? 1 : random.Next(1, 7))];
            int[] order = [.. Enumerable.Range(0, rank).OrderBy(_ => random.Next())];
            var axes = new StridedCopy.Axis[rank];
            long yStride = size;
            for (int d = rank - 1; d >= 0; d--)
            {
                axes[d] = new StridedCopy.Axis(extents[d], 0, yStride);
                yStride *= extents[d];
            }

            long xStride = size;
            foreach (int d in order)
            {
                bool repeat = random.Next(8) == 0;
                bool back = random.Next(5) == 0;
                axes[d] = axes[d] with { XStride = repeat ? 0 : back ? -xStride : xStride };
                xStride *= extents[d];
            }

            Run(axes, size, $"trial {trial}");
        }
    }

    [Fact]
    public void An_empty_axis_copies_nothing()
    {
        var copy = new StridedCopy([new(3, 0, 4), new(0, 4, 4)], 4);
        copy.Run(null, null);
        Assert.Equal((0L, 0L), copy.XRange);
    }

    static void Run(StridedCopy.Axis[] axes, int size, string what)
    {
        var copy = new StridedCopy(axes, size);
        int xBytes = (int)(copy.XRange.End - copy.XRange.First);
        int yBytes = (int)copy.YRange.End;
        using var x = new GuardedMemory<byte>(xBytes, Guard.End);
        using var y = new GuardedMemory<byte>(yBytes, Guard.End);
        Fill.Write(x.Span, 3, Pattern.Random);
        byte* origin = x.Pointer - copy.XRange.First;
        copy.Run(origin, y.Pointer);
        byte[] expected = new byte[yBytes];
        Naive(axes, size, origin, expected, 0);
        Check.Same<byte>(expected, y.Span, what);
    }

    static void Naive(ReadOnlySpan<StridedCopy.Axis> axes, int size, byte* x, byte[] y, long at)
    {
        if (axes.IsEmpty)
        {
            new Span<byte>(x, size).CopyTo(y.AsSpan((int)at));
            return;
        }

        for (int i = 0; i < axes[0].Extent; i++)
        {
            Naive(axes[1..], size, x + (i * axes[0].XStride), y, at + (i * axes[0].YStride));
        }
    }
}
