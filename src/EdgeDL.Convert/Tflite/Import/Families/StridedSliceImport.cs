using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>
/// x[begin:end:stride, …] with TensorFlow's masks: bit i speaks of entry i of the specification,
/// which may leave axes out by an ellipsis, add axes, or pick one element and drop the axis.
/// </summary>
static class StridedSliceImport
{
    public static void Import(NodeImport n)
    {
        FlatTable o = n.Options(Options.StridedSlice.Kind);
        int ellipsis = o.Int(Options.StridedSlice.EllipsisMask);
        int newAxis = o.Int(Options.StridedSlice.NewAxisMask) & ~ellipsis;
        int shrink = o.Int(Options.StridedSlice.ShrinkAxisMask) & ~ellipsis & ~newAxis;
        int beginMask = o.Int(Options.StridedSlice.BeginMask);
        int endMask = o.Int(Options.StridedSlice.EndMask);
        bool endIsOffset = o.Bool(Options.StridedSlice.Offset);
        Shape x = n.ShapeOf(0);
        int[] begins = n.Ints(1, "begin");
        int[] ends = n.Ints(2, "end");
        int[] strides = n.Ints(3, "strides");
        int entries = begins.Length;
        if (ends.Length != entries || strides.Length != entries || entries > 2 * Shape.MaxRank)
        {
            throw n.Fail(
                $"begin has {entries} numbers, end {ends.Length}, strides {strides.Length}");
        }

        var begin = new List<int>();
        var count = new List<int>();
        var stride = new List<int>();
        var dims = new List<int>();
        int named = Enumerable.Range(0, entries)
            .Count(i => !IsSet(newAxis, i) && !IsSet(ellipsis, i));
        for (int i = 0; i < entries; i++)
        {
            if (IsSet(ellipsis, i))
            {
                TakeWhole(x.Rank - named);
            }
            else if (IsSet(newAxis, i))
            {
                dims.Add(1);
            }
            else
            {
                TakeEntry(i);
            }
        }

        TakeWhole(x.Rank - begin.Count);
        n.Emit(new StridedSlice([.. begin], [.. count], [.. stride], [.. dims]), n.Input(0));

        void TakeWhole(int axes)
        {
            for (int a = 0; a < axes; a++)
            {
                dims.Add(x[begin.Count]);
                Take(0, x[begin.Count], 1);
            }
        }

        void TakeEntry(int i)
        {
            if (begin.Count >= x.Rank)
            {
                throw n.Fail($"{named} axes are named, {x} has {x.Rank}");
            }

            int extent = x[begin.Count];
            if (IsSet(shrink, i))
            {
                Take(n.Axis(begins[i], extent), 1, 1);
                return;
            }

            int step = strides[i];
            if (step == 0)
            {
                throw n.Fail($"stride {i} is 0");
            }

            long lowest = step > 0 ? 0 : -1;
            long highest = step > 0 ? extent : extent - 1;
            long from = IsSet(beginMask, i)
                ? (step > 0 ? lowest : highest)
                : Math.Clamp(FromEnd(begins[i], extent), lowest, highest);
            long end = endIsOffset ? from + ends[i] : FromEnd(ends[i], extent);
            long to = IsSet(endMask, i)
                ? (step > 0 ? highest : lowest)
                : Math.Clamp(end, lowest, highest);
            long taken = Math.Max(0, (to - from + step - Math.Sign(step)) / step);
            dims.Add((int)taken);
            Take(taken == 0 ? 0 : (int)from, (int)taken, step);
        }

        void Take(int from, int taken, int step)
        {
            begin.Add(from);
            count.Add(taken);
            stride.Add(step);
        }
    }

    static bool IsSet(int mask, int bit) => (mask >> bit & 1) != 0;

    static long FromEnd(int index, int extent) => index < 0 ? (long)index + extent : index;
}
