using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Movement;

/// <summary>
/// y[Σ i·yStride] = x[Σ i·xStride] for every index tuple i below the extents: transpose, slice,
/// broadcast, reverse, interleave and pad are all this, with other strides. Strides are in bytes;
/// those of x may be zero or negative.
/// </summary>
/// <remarks>
/// Built while loading: axes of extent 1 go, axes that continue one another merge, and what is
/// contiguous on both sides becomes one long element. <see cref="Run"/> allocates nothing.
/// </remarks>
public sealed unsafe class StridedCopy
{
    const int MostAxes = 16;

    readonly int elementBytes;
    readonly Axis[] outer;
    readonly Axis row;
    readonly Axis column;
    readonly delegate*<byte*, byte*, in Axis, int, void> line;
    readonly Transpose2D.Row? transpose;
    readonly bool empty;

    /// <summary>One axis of a copy.</summary>
    public readonly record struct Axis(int Extent, long XStride, long YStride);

    /// <param name="axes">Outermost first, at most 16.</param>
    /// <param name="elementBytes">Bytes of one element, any number ≥ 1.</param>
    public StridedCopy(ReadOnlySpan<Axis> axes, int elementBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(axes.Length, MostAxes);
        ArgumentOutOfRangeException.ThrowIfLessThan(elementBytes, 1);
        List<Axis> merged = Merge(axes, out empty);
        Measure(merged, elementBytes);
        while (merged.Count > 0 && merged[^1] is var last
            && last.XStride == elementBytes && last.YStride == elementBytes
            && (long)last.Extent * elementBytes <= int.MaxValue)
        {
            elementBytes *= last.Extent;
            merged.RemoveAt(merged.Count - 1);
        }

        this.elementBytes = elementBytes;
        line = Line(elementBytes);
        column = Take(merged, new Axis(1, elementBytes, elementBytes));
        if (merged.Count > 0 && Transpose2D.Supports(elementBytes)
            && merged[^1].XStride == elementBytes && column.YStride == elementBytes
            && column.XStride > 0 && merged[^1].YStride > 0)
        {
            transpose = Transpose2D.Best(elementBytes);
        }

        row = Take(merged, new Axis(1, 0, 0));
        outer = [.. merged];
    }

    /// <summary>The lowest and one past the highest byte read, relative to x.</summary>
    public (long First, long End) XRange { get; private set; }

    /// <summary>The lowest and one past the highest byte written, relative to y.</summary>
    public (long First, long End) YRange { get; private set; }

    /// <summary>Copies; x and y point at the element of index (0, 0, …).</summary>
    public void Run(byte* x, byte* y)
    {
        if (empty)
        {
            return;
        }

        int* index = stackalloc int[MostAxes];
        Unsafe.InitBlock(index, 0, MostAxes * sizeof(int));
        while (true)
        {
            Plane(x, y);
            int d = outer.Length - 1;
            for (; d >= 0; d--)
            {
                ref readonly Axis axis = ref outer[d];
                x += axis.XStride;
                y += axis.YStride;
                if (++index[d] < axis.Extent)
                {
                    break;
                }

                index[d] = 0;
                x -= axis.XStride * axis.Extent;
                y -= axis.YStride * axis.Extent;
            }

            if (d < 0)
            {
                return;
            }
        }
    }

    void Plane(byte* x, byte* y)
    {
        if (transpose is not null)
        {
            // Here x runs on along the row axis and y along the column axis.
            transpose.Run(x, column.XStride, y, row.YStride, column.Extent, row.Extent);
            return;
        }

        for (int r = 0; r < row.Extent; r++)
        {
            line(x + (r * row.XStride), y + (r * row.YStride), in column, elementBytes);
        }
    }

    void Measure(List<Axis> axes, int bytes)
    {
        (long x0, long x1, long y0, long y1) = (0, 0, 0, 0);
        foreach (Axis axis in axes)
        {
            long x = axis.XStride * (axis.Extent - 1L);
            long y = axis.YStride * (axis.Extent - 1L);
            x0 += Math.Min(x, 0);
            x1 += Math.Max(x, 0);
            y0 += Math.Min(y, 0);
            y1 += Math.Max(y, 0);
        }

        XRange = empty ? (0, 0) : (x0, x1 + bytes);
        YRange = empty ? (0, 0) : (y0, y1 + bytes);
    }

    static List<Axis> Merge(ReadOnlySpan<Axis> axes, out bool empty)
    {
        var merged = new List<Axis>(axes.Length);
        empty = false;
        foreach (Axis axis in axes)
        {
            empty |= axis.Extent == 0;
            if (axis.Extent == 1)
            {
                continue;
            }

            if (merged.Count > 0 && merged[^1] is var last
                && last.XStride == axis.XStride * axis.Extent
                && last.YStride == axis.YStride * axis.Extent
                && (long)last.Extent * axis.Extent <= int.MaxValue)
            {
                merged[^1] = new Axis(last.Extent * axis.Extent, axis.XStride, axis.YStride);
            }
            else
            {
                merged.Add(axis);
            }
        }

        return merged;
    }

    static Axis Take(List<Axis> axes, Axis otherwise)
    {
        if (axes.Count == 0)
        {
            return otherwise;
        }

        Axis last = axes[^1];
        axes.RemoveAt(axes.Count - 1);
        return last;
    }

    static delegate*<byte*, byte*, in Axis, int, void> Line(int bytes) => bytes switch
    {
        1 => &Elements<byte>,
        2 => &Elements<ushort>,
        4 => &Elements<uint>,
        8 => &Elements<ulong>,
        16 => &Elements<Vector128<byte>>,
        _ => &Blocks,
    };

    static void Elements<T>(byte* x, byte* y, in Axis axis, int bytes) where T : unmanaged
    {
        long xs = axis.XStride;
        long ys = axis.YStride;
        if (xs == 0 && ys == sizeof(T))
        {
            new Span<T>(y, axis.Extent).Fill(Unsafe.ReadUnaligned<T>(x));
            return;
        }

        for (int n = axis.Extent; n > 0; n--, x += xs, y += ys)
        {
            Unsafe.WriteUnaligned(y, Unsafe.ReadUnaligned<T>(x));
        }
    }

    static void Blocks(byte* x, byte* y, in Axis axis, int bytes)
    {
        for (int n = axis.Extent; n > 0; n--, x += axis.XStride, y += axis.YStride)
        {
            Buffer.MemoryCopy(x, y, bytes, bytes);
        }
    }
}
