using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Slice: starts, ends and steps of some axes, as NumPy counts them.</summary>
static class SliceImport
{
    public static void Import(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        bool asInputs = n.Opset >= 10;
        long[] starts = asInputs ? n.Longs(1, "starts") : Wide(n.Ints("starts"));
        long[] ends = asInputs ? n.Longs(2, "ends") : Wide(n.Ints("ends"));
        int[] axes = (asInputs ? n.Has(3) ? n.Ints(3, "axes") : null : n.Ints("axes"))
            ?? [.. Enumerable.Range(0, starts.Length)];
        long[] steps = asInputs && n.Has(4)
            ? n.Longs(4, "steps")
            : [.. Enumerable.Repeat(1L, starts.Length)];
        if (ends.Length != starts.Length || axes.Length != starts.Length
            || steps.Length != starts.Length)
        {
            throw n.Fail($"it has {starts.Length} starts, {ends.Length} ends, {axes.Length} axes "
                + $"and {steps.Length} steps");
        }

        var begin = new int[x.Rank];
        int[] count = x.ToArray();
        int[] stride = [.. Enumerable.Repeat(1, x.Rank)];
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = n.Axis(axes[i], x.Rank);
            (begin[axis], count[axis], stride[axis]) =
                Cut(n, x[axis], starts[i], ends[i], steps[i]);
        }

        Emit(n, begin, count, stride);
    }

    static void Emit(NodeImport n, int[] begin, int[] count, int[] stride)
    {
        if (count.Contains(0))
        {
            Array.Clear(begin);
            Array.Fill(stride, 1);
        }

        Op op = stride.All(s => s == 1)
            ? new Slice(begin, count)
            : new StridedSlice(begin, count, stride, count);
        n.Emit(op, n.Input(0));
    }

    static (int Begin, int Count, int Stride) Cut(
        NodeImport n, int extent, long start, long end, long step)
    {
        if (step == 0 || step == long.MinValue)
        {
            throw n.Fail($"a step of {step} leads nowhere");
        }

        start = start < 0 ? start + extent : start;
        end = end < 0 ? end + extent : end;
        start = step > 0 ? Math.Clamp(start, 0, extent) : Math.Clamp(start, 0, extent - 1);
        end = step > 0 ? Math.Clamp(end, 0, extent) : Math.Clamp(end, -1, extent - 1);
        long span = step > 0 ? end - start : start - end;
        long stride = Math.Abs(step);
        int count = span <= 0 ? 0 : (int)((span - 1) / stride) + 1;
        return (count == 0 ? 0 : (int)start, count,
            count <= 1 ? 1 : (int)Math.Clamp(step, int.MinValue, int.MaxValue));
    }

    static long[] Wide(int[]? numbers) => [.. (numbers ?? []).Select(v =>
        v == int.MaxValue ? long.MaxValue : v)];
}
