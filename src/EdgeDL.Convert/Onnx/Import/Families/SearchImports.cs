using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>The best, the first, the different ones; what a condition selects.</summary>
static class SearchImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("ArgMax", n => Arg(n, axis => new ArgMax(axis, true, DType.Int64)));
        t.Add("ArgMin", n => Arg(n, axis => new ArgMin(axis, true, DType.Int64)));
        t.Add("TopK", TopK);
        t.Add("OneHot", OneHot);
        t.Add("NonZero", NonZero);
        t.Add("Compress", Compress);
        t.Add("Unique", Unique);
    }

    // The last of equal ones is the first from the other end.
    static void Arg(NodeImport n, Func<int, Op> make)
    {
        Shape x = n.ShapeOf(0);
        int axis = n.Axis(n.Long("axis", 0), x.Rank);
        bool last = n.Flag("select_last_index");
        int from = last ? n.Add(new Reverse([axis]), "reversed", n.Input(0)) : n.Input(0);
        int y = n.Add(make(axis), "index", from);
        if (last)
        {
            int end = n.Scalar("end", x[axis] - 1, DType.Int64);
            y = n.Add(new Sub(Activation.None), "from the end", end, y);
        }

        n.SetOutput(0, n.Flag("keepdims", true)
            ? y
            : n.Reshape(y, [.. x.Dims[..axis], .. x.Dims[(axis + 1)..]]));
    }

    static void TopK(NodeImport n)
    {
        int rank = n.ShapeOf(0).Rank;
        int axis = n.Axis(n.Long("axis", -1), rank);
        int k = n.Opset < 10 ? n.Int("k", 0) : n.Int(1, "k");
        int[] swapped = [.. Enumerable.Range(0, rank)];
        (swapped[axis], swapped[^1]) = (swapped[^1], swapped[axis]);
        int[] found = n.AddMany(
            new TopK(k, n.Flag("largest", true)), "top", 2, n.Transpose(n.Input(0), swapped));
        n.SetOutput(0, n.Transpose(found[0], swapped));
        if (n.Wants(1))
        {
            int wide = n.Add(new Cast(DType.Int64), "wide", found[1]);
            n.SetOutput(1, n.Transpose(wide, swapped));
        }
    }

    // Indices in [−depth, −1] count from the end; others outside of [0, depth) select nothing.
    static void OneHot(NodeImport n)
    {
        int rank = n.ShapeOf(0).Rank + 1;
        int axis = n.Axis(n.Long("axis", -1), rank);
        int depth = n.In(1).DType != DType.Float32 ? n.Int(1, "depth")
            : n.Floats(1, "depth") is [float one] ? (int)one
            : throw n.Fail($"its depth is {n.ShapeOf(1)}, not one number");
        int index = n.Input(0);
        index = n[index].DType == DType.Int64 ? index
            : n.Add(new Cast(DType.Int64), "index", index);
        int zero = n.Scalar("zero", 0, DType.Int64);
        int below = n.Add(new Less(), "below", index, zero);
        int turn = n.Add(new Add(Activation.None), "turned", index,
            n.Scalar("depth", depth, DType.Int64));
        index = n.Add(new Select(), "wrapped", below, turn, index);
        if (n.ShapeOf(2).Elements != 2)
        {
            throw n.Fail($"its values are {n.ShapeOf(2)}, two are needed");
        }

        int[] offOn = n.AddMany(new Split(0, [1, 1]), "values", 2, n.Reshape(n.Input(2), 2));
        n.Emit(new OneHot(depth, axis), index, offOn[1], offOn[0]);
    }

    /// <summary>
    /// How many places of a result are filled; it must be known now, since shapes are static.
    /// </summary>
    static int Count(NodeImport n, int count) =>
        n.Graph.Known[count] is { } known
            ? known.As<int>()[0]
            : throw n.Unsupported("how much it gives depends on data, and shapes are decided here",
                "keep all and multiply by a mask instead, end the model before this node and "
                    + "select "
                + "in the program, or fix the inputs that it depends on with --input-value NAME=…");

    // The coordinates of what is not zero, [count, rank].
    static int Coordinates(NodeImport n, int x)
    {
        int[] found = n.AddMany(new Where(), "found", 2, x);
        int rank = n[x].Shape.Rank;
        int count = Count(n, found[1]);
        return n.Add(new Slice([0, 0], [count, rank]), "filled", found[0]);
    }

    static void NonZero(NodeImport n)
    {
        int x = n.ShapeOf(0).Rank == 0 ? n.Reshape(n.Input(0), 1) : n.Input(0);
        n.SetOutput(0, n.Transpose(Coordinates(n, x), 1, 0));
    }

    static void Compress(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int from = n.HasAttribute("axis") ? n.Input(0) : n.Reshape(n.Input(0), x.Elements);
        int axis = n.HasAttribute("axis") ? n.Axis(n.Long("axis", 0), x.Rank) : 0;
        int found = Coordinates(n, n.Input(1));
        int places = n.Reshape(found, n[found].Shape.Elements);
        n.Emit(new Gather(axis, 0), from, places);
    }

    static void Unique(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int from = n.HasAttribute("axis") ? n.Input(0) : n.Reshape(n.Input(0), x.Elements);
        int axis = n.HasAttribute("axis") ? n.Axis(n.Long("axis", 0), x.Rank) : 0;
        int[] found = n.AddMany(
            new UniqueSlices(axis, n.Flag("sorted", true)), "unique", 5, from);
        int count = Count(n, found[4]);
        n.SetOutput(0, First(n, found[0], axis, count));
        n.SetOutput(1, First(n, found[1], 0, count));
        n.SetOutput(2, found[2]);
        n.SetOutput(3, First(n, found[3], 0, count));
    }

    static int First(NodeImport n, int value, int axis, int count)
    {
        Shape shape = n[value].Shape;
        return n.Add(
            new Slice(new int[shape.Rank], shape.With(axis, count).ToArray()), "filled", value);
    }
}
