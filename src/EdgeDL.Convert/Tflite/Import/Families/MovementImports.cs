using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Data movement: operands that say where to are resolved to attributes.</summary>
static class MovementImports
{
    public static void Register(ImportTable t)
    {
        t.Add(BuiltinOperator.RESHAPE, Reshape);
        t.Add(BuiltinOperator.SQUEEZE, Squeeze);
        t.Add(BuiltinOperator.EXPAND_DIMS, ExpandDims);
        t.Add(BuiltinOperator.SHAPE, ShapeOf);
        t.Add(BuiltinOperator.RANK, n => SetInts(n, Shape.Scalar, [n.ShapeOf(0).Rank]));
        t.Add(BuiltinOperator.DENSIFY, n => n.SetOutput(0, n.Input(0)));
        t.Add(BuiltinOperator.TRANSPOSE, Transpose);
        t.Add(BuiltinOperator.CONCATENATION, Concat);
        t.Add(BuiltinOperator.SPLIT, Split);
        t.Add(BuiltinOperator.SPLIT_V, SplitV);
        t.Add(BuiltinOperator.PACK, Pack);
        t.Add(BuiltinOperator.UNPACK, Unpack);
        t.Add(BuiltinOperator.PAD, Pad);
        t.Add(BuiltinOperator.PADV2, Pad);
        t.Add(BuiltinOperator.SLICE, Slice);
        t.Add(BuiltinOperator.STRIDED_SLICE, StridedSliceImport.Import);
    }

    static void Reshape(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        FlatTable o = n.Options(Options.Reshape.Kind);
        int[] dims = n.Has(1) ? n.Ints(1, "shape") : o.Ints(Options.Reshape.NewShape);
        int open = Array.IndexOf(dims, -1);
        if (open >= 0)
        {
            int known = 1;
            for (int i = 0; i < dims.Length; i++)
            {
                known = i == open ? known : unchecked(known * dims[i]);
            }

            if (known <= 0 || x.Elements % known != 0)
            {
                throw n.Fail($"{x} can't become [{string.Join("x", dims)}]");
            }

            dims[open] = x.Elements / known;
        }

        n.Emit(new Reshape(dims), n.Input(0));
    }

    static void Squeeze(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int[] axes = n.Options(Options.Squeeze.Kind).Ints(Options.Squeeze.SqueezeDims);
        int[] squeezed = axes.Length > 0
            ? [.. axes.Select(a => n.Axis(a, x.Rank))]
            : [.. Enumerable.Range(0, x.Rank).Where(a => x[a] == 1)];
        if (squeezed.Any(a => x[a] != 1))
        {
            throw n.Fail($"axes {string.Join(", ", squeezed)} of {x} are not all of extent 1");
        }

        int[] dims = [.. Enumerable.Range(0, x.Rank).Except(squeezed).Select(a => x[a])];
        n.Emit(new Reshape(dims), n.Input(0));
    }

    static void ExpandDims(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        var dims = new List<int>(x.ToArray());
        dims.Insert(n.Axis(n.Int(1, "axis"), x.Rank + 1), 1);
        n.Emit(new Reshape([.. dims]), n.Input(0));
    }

    // Shapes are static, so what asks for one is a constant.
    static void ShapeOf(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        SetInts(n, new Shape(x.Rank), x.ToArray());
    }

    static void SetInts(NodeImport n, Shape shape, int[] values)
    {
        int value = n.OutType(0) == DType.Int64
            ? n.Constant<long>("value", shape, [.. values.Select(v => (long)v)])
            : n.Constant<int>("value", shape, values);
        n.SetOutput(0, value);
    }

    static void Transpose(NodeImport n)
    {
        int rank = n.ShapeOf(0).Rank;
        int[] perm = [.. n.Ints(1, "permutation").Select(a => n.Axis(a, rank))];
        n.Emit(new Transpose(perm), n.Input(0));
    }

    static void Concat(NodeImport n)
    {
        FlatTable o = n.Options(Options.Concatenation.Kind);
        int axis = n.Axis(o.Int(Options.Concatenation.Axis), n.ShapeOf(0).Rank);
        n.EmitThen(new Concat(axis), o.Byte(Options.Concatenation.FusedActivation, 0), n.Inputs());
    }

    static void Split(NodeImport n)
    {
        Shape x = n.ShapeOf(1);
        int axis = n.Axis(n.Int(0, "axis"), x.Rank);
        int pieces = n.OutputCount;
        if (pieces == 0 || x[axis] % pieces != 0)
        {
            throw n.Fail($"axis {axis} of {x} can't be cut into {pieces} equal pieces");
        }

        var extents = new int[pieces];
        Array.Fill(extents, x[axis] / pieces);
        n.Emit(new Split(axis, extents), n.Input(1));
    }

    static void SplitV(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int axis = n.Axis(n.Int(2, "axis"), x.Rank);
        int[] extents = n.Ints(1, "sizes");
        int open = Array.IndexOf(extents, -1);
        if (open >= 0)
        {
            long known = extents.Sum(e => (long)e) + 1;
            extents[open] = (int)Math.Clamp(x[axis] - known, int.MinValue, int.MaxValue);
        }

        n.Emit(new Split(axis, extents), n.Input(0));
    }

    static void Pack(NodeImport n)
    {
        int axis = n.Options(Options.Pack.Kind).Int(Options.Pack.Axis);
        n.Emit(new Pack(n.Axis(axis, n.ShapeOf(0).Rank + 1)));
    }

    static void Unpack(NodeImport n)
    {
        int axis = n.Options(Options.Unpack.Kind).Int(Options.Unpack.Axis);
        n.Emit(new Unpack(n.Axis(axis, n.ShapeOf(0).Rank)));
    }

    // PAD and PADV2 differ in the third operand, the border's value.
    static void Pad(NodeImport n)
    {
        int[] pads = n.Ints(1, "paddings");
        int[] before = [.. pads.Where((_, i) => i % 2 == 0)];
        int[] after = [.. pads.Where((_, i) => i % 2 == 1)];
        if (n.Has(2))
        {
            n.Emit(new Pad(before, after), n.Input(0), n.Input(2));
        }
        else
        {
            n.Emit(new Pad(before, after), n.Input(0));
        }
    }

    static void Slice(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int[] begin = n.Ints(1, "begin");
        int[] size = n.Ints(2, "size");
        if (begin.Length != x.Rank || size.Length != x.Rank)
        {
            throw n.Fail($"begin has {begin.Length} numbers and size {size.Length}, {x} has "
                + $"{x.Rank} axes");
        }

        for (int a = 0; a < size.Length; a++)
        {
            size[a] = size[a] == -1 ? x[a] - begin[a] : size[a];
        }

        n.Emit(new Slice(begin, size), n.Input(0));
    }
}
