using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Elements that change place, not value: integers are moved as they are.</summary>
static class MovementExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.Reshape] = Reshape;
        table[OpCode.Identity] = Identity;
        table[OpCode.Transpose] = Transpose;
        table[OpCode.Concat] = Concat;
        table[OpCode.Split] = Split;
        table[OpCode.Pack] = Pack;
        table[OpCode.Unpack] = Unpack;
        table[OpCode.Pad] = Pad;
        table[OpCode.MirrorPad] = MirrorPad;
        table[OpCode.Slice] = Slice;
        table[OpCode.StridedSlice] = StridedSlice;
        table[OpCode.Tile] = n => Repeat(n, "Tile", n.Op<Tile>().Repeats);
        table[OpCode.BroadcastTo] = n => Repeat(n, "Expand", n.Op<BroadcastTo>().Dims);
        table[OpCode.Fill] = n => n.GiveRaw(0, n.Add(
            "Expand", n.Out(0).DType, n.Out(0).Shape,
            [n.Reshape(n.Raw(0), Shape.Scalar), n.Extents("shape", n.Out(0).Shape.Dims)]));
        table[OpCode.ZerosLike] = Zeros;
        table[OpCode.Reverse] = Reverse;
        table[OpCode.ReverseSequence] = ReverseSequence;
        table[OpCode.SpaceToDepth] = n => Blocks(
            n, "SpaceToDepth", Attribute.Of("blocksize", (long)n.Op<SpaceToDepth>().Block));
        table[OpCode.DepthToSpace] = n => Blocks(
            n, "DepthToSpace", Attribute.Of("blocksize", (long)n.Op<DepthToSpace>().Block),
            Attribute.Of("mode", n.Op<DepthToSpace>().ColumnFirst ? "CRD" : "DCR"));
        table[OpCode.SpaceToBatchNd] = SpaceToBatch;
        table[OpCode.BatchToSpaceNd] = BatchToSpace;
    }

    static void Reshape(NodeExport n)
    {
        Shape x = n.In(0).Shape;

        // Without pixels both layouts are one.
        bool same = n.IsFirst(0) && Layouts.KeepsOrder(x, Layouts.ToFirst(x.Rank));
        OnnxTensor from = same ? n.RawFirst(0) : n.Raw(0);
        n.GiveRaw(0, n.Reshape(from, n.Out(0).Shape));
    }

    static void Identity(NodeExport n)
    {
        bool first = n.IsFirst(0);
        n.Give(0, real: false, first, first ? n.RawFirst(0) : n.Raw(0));
    }

    static void Transpose(NodeExport n)
    {
        int[] perm = n.Op<Transpose>().Perm.ToArray();
        int rank = perm.Length;
        if (rank >= 3 && n.IsFirst(0) && perm.AsSpan().SequenceEqual(Layouts.ToFirst(rank)))
        {
            n.GiveRaw(0, n.RawFirst(0));
        }
        else if (rank >= 3 && perm.AsSpan().SequenceEqual(Layouts.ToLast(rank)))
        {
            n.Give(0, real: false, first: true, n.Raw(0));
        }
        else
        {
            n.GiveRaw(0, n.Transpose(n.Raw(0), perm));
        }
    }

    static void Concat(NodeExport n)
    {
        int rank = n.Out(0).Shape.Rank;
        int axis = n.Op<Concat>().Axis;
        bool first = false;
        bool real = false;
        for (int i = 0; i < n.InputCount; i++)
        {
            first |= n.IsFirst(i);
            real |= !Quantization.Same(n.In(i).Quant, n.Out(0).Quant);
        }

        OnnxTensor[] parts =
        [
            .. n.Node.Inputs.Select(v => n.Scope.Get(v, real, first)),
        ];
        Shape y = n.Out(0).Shape;
        n.Give(0, real, first, n.Add(
            "Concat", parts[0].DType, first ? Layouts.Permute(y, Layouts.ToFirst(rank)) : y,
            parts, Attribute.Of("axis", (long)(first ? Layouts.FirstAxis(axis, rank) : axis))));
    }

    static void Split(NodeExport n)
    {
        var op = n.Op<Split>();
        bool first = n.IsFirst(0);
        OnnxTensor x = first ? n.RawFirst(0) : n.Raw(0);
        int axis = first ? Layouts.FirstAxis(op.Axis, x.Shape.Rank) : op.Axis;
        (DType, Shape)[] results =
            [.. op.Extents.ToArray().Select(e => (x.DType, x.Shape.With(axis, e)))];
        OnnxTensor[] parts = n.AddMany(
            "Split", results, [x, n.Extents("split", op.Extents)],
            Attribute.Of("axis", (long)axis));
        for (int o = 0; o < parts.Length; o++)
        {
            n.Give(o, real: false, first, parts[o]);
        }
    }

    static void Pack(NodeExport n)
    {
        int axis = n.Op<Pack>().Axis;
        ReadOnlySpan<int> dims = n.In(0).Shape.Dims;
        var one = new Shape([.. dims[..axis], 1, .. dims[axis..]]);
        OnnxTensor[] parts =
            [.. Enumerable.Range(0, n.InputCount).Select(i => n.Reshape(n.Raw(i), one))];
        n.GiveRaw(0, n.Add(
            "Concat", parts[0].DType, n.Out(0).Shape, parts, Attribute.Of("axis", (long)axis)));
    }

    static void Unpack(NodeExport n)
    {
        int axis = n.Op<Unpack>().Axis;
        OnnxTensor x = n.Raw(0);
        int[] ones = [.. Enumerable.Repeat(1, n.OutputCount)];
        (DType, Shape)[] results = [.. ones.Select(e => (x.DType, x.Shape.With(axis, e)))];
        OnnxTensor[] parts = n.AddMany(
            "Split", results, [x, n.Extents("split", ones)], Attribute.Of("axis", (long)axis));
        for (int o = 0; o < parts.Length; o++)
        {
            n.GiveRaw(o, n.Reshape(parts[o], n.Out(o).Shape));
        }
    }

    static void Pad(NodeExport n)
    {
        var op = n.Op<Pad>();
        OnnxTensor border = n.Has(1)
            ? n.Reshape(n.Raw(1), Shape.Scalar)
            : n.Number(n.In(0).DType, n.In(0).Quant?.ZeroPoint ?? 0);
        Padded(n, op.Before, op.After, "constant", border);
    }

    static void MirrorPad(NodeExport n)
    {
        var op = n.Op<MirrorPad>();
        if (!op.Symmetric)
        {
            Padded(n, op.Before, op.After, "reflect", border: null);
            return;
        }

        OnnxTensor x = n.Raw(0);
        for (int d = 0; d < x.Shape.Rank; d++)
        {
            x = Mirrored(n, x, d, op.Before[d], op.After[d]);
        }

        n.GiveRaw(0, x);
    }

    // ONNX has no padding that repeats the edge too: the borders are reversed slices.
    static OnnxTensor Mirrored(NodeExport n, OnnxTensor x, int axis, int before, int after)
    {
        int extent = x.Shape[axis];
        var parts = new List<OnnxTensor>();
        if (before > 0)
        {
            parts.Add(n.Slice(
                x, x.Shape.With(axis, before), [before - 1], [int.MinValue + 1], [axis], [-1]));
        }

        parts.Add(x);
        if (after > 0)
        {
            int last = extent - after - 1;
            parts.Add(n.Slice(
                x, x.Shape.With(axis, after), [extent - 1],
                [last < 0 ? int.MinValue + 1 : last], [axis], [-1]));
        }

        return parts.Count == 1 ? x : n.Add(
            "Concat", x.DType, x.Shape.With(axis, before + extent + after), [.. parts],
            Attribute.Of("axis", (long)axis));
    }

    static void Padded(
        NodeExport n, ReadOnlySpan<int> before, ReadOnlySpan<int> after, string mode,
        OnnxTensor? border)
    {
        bool first = n.IsFirst(0);
        OnnxTensor x = first ? n.RawFirst(0) : n.Raw(0);
        int rank = x.Shape.Rank;
        int[] perm = first ? Layouts.ToFirst(rank) : [.. Enumerable.Range(0, rank)];
        int[] pads = [.. Layouts.Permute(before, perm), .. Layouts.Permute(after, perm)];
        n.Give(0, real: false, first, n.Add(
            "Pad", x.DType, Layouts.Permute(n.Out(0).Shape, perm),
            [x, n.Extents("pads", pads), border], Attribute.Of("mode", mode)));
    }

    static void Slice(NodeExport n)
    {
        var op = n.Op<Slice>();
        int[] stride = [.. Enumerable.Repeat(1, op.Begin.Length)];
        Strided(n, op.Begin, op.Size, stride, op.Size);
    }

    static void StridedSlice(NodeExport n)
    {
        var op = n.Op<StridedSlice>();
        Strided(n, op.Begin, op.Count, op.Stride, op.Dims);
    }

    static void Strided(
        NodeExport n, ReadOnlySpan<int> begin, ReadOnlySpan<int> count, ReadOnlySpan<int> stride,
        ReadOnlySpan<int> dims)
    {
        Shape from = n.In(0).Shape;
        bool first = n.IsFirst(0) && dims.SequenceEqual(count);
        OnnxTensor x = first ? n.RawFirst(0) : n.Raw(0);
        var starts = new List<int>();
        var ends = new List<int>();
        var axes = new List<int>();
        var steps = new List<int>();
        for (int d = 0; d < begin.Length; d++)
        {
            if (begin[d] == 0 && count[d] == from[d] && stride[d] == 1)
            {
                continue;
            }

            // One past the last; before the first element that is as low as numbers go.
            long end = begin[d] + ((long)count[d] * stride[d]);
            starts.Add(begin[d]);
            ends.Add(end < 0 ? int.MinValue + 1 : (int)Math.Min(end, int.MaxValue));
            axes.Add(first ? Layouts.FirstAxis(d, from.Rank) : d);
            steps.Add(stride[d]);
        }

        var taken = new Shape(count);
        Shape shape = first ? Layouts.Permute(taken, Layouts.ToFirst(taken.Rank)) : taken;
        OnnxTensor y = axes.Count == 0 ? x : n.Slice(
            x, shape, starts.ToArray(), ends.ToArray(), axes.ToArray(), steps.ToArray());
        n.Give(0, real: false, first, first ? y : n.Reshape(y, new Shape(dims)));
    }

    static void Repeat(NodeExport n, string type, ReadOnlySpan<int> list) => n.GiveRaw(0, n.Add(
        type, n.Out(0).DType, n.Out(0).Shape, [n.Raw(0), n.Extents("repeats", list)]));

    static void Zeros(NodeExport n)
    {
        OnnxTensor zero = n.Number(n.Out(0).DType, n.Out(0).Quant?.ZeroPoint ?? 0);
        n.GiveRaw(0, n.Add(
            "Expand", n.Out(0).DType, n.Out(0).Shape,
            [zero, n.Extents("shape", n.Out(0).Shape.Dims)]));
    }

    static void Reverse(NodeExport n)
    {
        int[] axes = n.Op<Reverse>().Axes.ToArray();
        OnnxTensor x = n.Raw(0);
        n.GiveRaw(0, axes.Length == 0 ? x : n.Slice(
            x, x.Shape, [.. axes.Select(a => x.Shape[a] - 1)],
            [.. axes.Select(_ => int.MinValue + 1)], axes, [.. axes.Select(_ => -1)]));
    }

    static void ReverseSequence(NodeExport n)
    {
        var op = n.Op<ReverseSequence>();
        OnnxTensor x = n.Raw(0);
        Shape shape = x.Shape;
        if (op.SequenceAxis + op.BatchAxis != 1)
        {
            throw new NoEquivalentException(
                "ReverseSequence has time and batch as its first two axes, here they are "
                + $"{op.SequenceAxis} and {op.BatchAxis}");
        }

        OnnxTensor lengths = n.Reshape(
            n.Cast(n.Raw(1), DType.Int64), new Shape(shape[op.BatchAxis]));
        n.GiveRaw(0, n.Like(
            "ReverseSequence", x, [x, lengths],
            Attribute.Of("batch_axis", (long)op.BatchAxis),
            Attribute.Of("time_axis", (long)op.SequenceAxis)));
    }

    // Only floats are moved in blocks by ONNX Runtime; reals of quantized integers keep their
    // value.
    static void Blocks(
        NodeExport n, string type, params Schema.AttributeProto[] attributes)
    {
        Shape y = n.Out(0).Shape;
        n.GiveFirst(0, n.Add(
            type, n.RealFirst(0).DType, Layouts.Permute(y, Layouts.ToFirst(y.Rank)),
            [n.RealFirst(0)], attributes));
    }

    static void SpaceToBatch(NodeExport n)
    {
        var op = n.Op<SpaceToBatchNd>();
        OnnxTensor x = n.Raw(0);
        int spatial = op.Block.Length;
        int rank = x.Shape.Rank;
        int[] block = op.Block.ToArray();
        int[] before = [0, .. op.Before, .. new int[rank - spatial - 1]];
        int[] after = [0, .. op.After, .. new int[rank - spatial - 1]];
        int[] dims = x.Shape.ToArray();
        for (int d = 0; d < rank; d++)
        {
            dims[d] += before[d] + after[d];
        }

        if (before.Any(b => b > 0) || after.Any(a => a > 0))
        {
            OnnxTensor zero = n.Number(x.DType, n.In(0).Quant?.ZeroPoint ?? 0);
            x = n.Add("Pad", x.DType, new Shape(dims),
                [x, n.Extents("pads", [.. before, .. after]), zero]);
        }

        // [n, h/b, b, w/b, b, c] to [b, b, n, h/b, w/b, c].
        var split = new List<int> { dims[0] };
        for (int i = 0; i < spatial; i++)
        {
            split.AddRange([dims[i + 1] / block[i], block[i]]);
        }

        split.AddRange(dims[(spatial + 1)..]);
        int[] blocks = [.. Enumerable.Range(0, spatial).Select(i => (2 * i) + 2)];
        int[] pixels = [.. Enumerable.Range(0, spatial).Select(i => (2 * i) + 1)];
        int[] rest = [.. Enumerable.Range((2 * spatial) + 1, rank - spatial - 1)];
        Rearranged(n, x, split, [.. blocks, 0, .. pixels, .. rest]);
    }

    static void BatchToSpace(NodeExport n)
    {
        var op = n.Op<BatchToSpaceNd>();
        OnnxTensor x = n.Raw(0);
        int spatial = op.Block.Length;
        int rank = x.Shape.Rank;
        int[] block = op.Block.ToArray();
        int batch = x.Shape[0] / block.Aggregate(1, (a, b) => a * b);

        // [b, b, n, h, w, c] to [n, h, b, w, b, c], then the borders go.
        List<int> split = [.. block, batch, .. x.Shape.Dims[1..]];
        var perm = new List<int> { spatial };
        int[] whole = x.Shape.ToArray();
        whole[0] = batch;
        for (int i = 0; i < spatial; i++)
        {
            perm.AddRange([spatial + 1 + i, i]);
            whole[i + 1] *= block[i];
        }

        perm.AddRange(Enumerable.Range((2 * spatial) + 1, rank - spatial - 1));
        OnnxTensor parts = n.Reshape(x, new Shape(split.ToArray()));
        OnnxTensor y = n.Reshape(n.Transpose(parts, [.. perm]), new Shape(whole));
        int[] starts = op.Before.ToArray();
        int[] ends = new int[spatial];
        for (int i = 0; i < spatial; i++)
        {
            ends[i] = whole[i + 1] - op.After[i];
        }

        n.GiveRaw(0, n.Slice(
            y, n.Out(0).Shape, starts, ends, [.. Enumerable.Range(1, spatial)],
            [.. Enumerable.Repeat(1, spatial)]));
    }

    static void Rearranged(NodeExport n, OnnxTensor x, List<int> split, int[] perm)
    {
        OnnxTensor parts = n.Reshape(x, new Shape(split.ToArray()));
        n.GiveRaw(0, n.Reshape(n.Transpose(parts, perm), n.Out(0).Shape));
    }
}
