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
}
