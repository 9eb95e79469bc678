using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Data movement: operands that say where to are resolved to attributes.</summary>
static class MovementImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("Identity", n => n.SetOutput(0, n.Operand(0)));
        t.Add("Reshape", Reshape);
        t.Add("Flatten", Flatten);
        t.Add("Squeeze", Squeeze);
        t.Add("Unsqueeze", Unsqueeze);
        t.Add("Transpose", Transpose);
        t.Add("Concat", Concat);
        t.Add("Split", Split);
        t.Add("Expand", Expand);
        t.Add("Tile", Tile);
        t.Add("Slice", SliceImport.Import);
        t.Add("Pad", PadImport.Import);
    }

    static void Reshape(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int[] dims = n.Opset < 5 ? n.Ints("shape") ?? [] : n.Ints(1, "shape");
        bool copiesZero = !n.Flag("allowzero");
        for (int i = 0; i < dims.Length; i++)
        {
            if (dims[i] == 0 && copiesZero)
            {
                dims[i] = i < x.Rank ? x[i] : throw n.Fail($"axis {i} of {x} is not there");
            }
        }

        int open = Array.IndexOf(dims, -1);
        if (open >= 0)
        {
            long known = 1;
            for (int i = 0; i < dims.Length; i++)
            {
                known = i == open ? known : unchecked(known * dims[i]);
            }

            if (known <= 0 || x.Elements % known != 0)
            {
                throw n.Fail($"{x} can't become [{string.Join("x", dims)}]");
            }

            dims[open] = (int)(x.Elements / known);
        }

        Emit(n, dims);
    }

    static void Emit(NodeImport n, params int[] dims) => n.SetOutput(0, n.Reshaped(0, dims));

    static void Flatten(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        long given = n.Long("axis", 1);
        int axis = given == x.Rank ? x.Rank : n.Axis(given, Math.Max(x.Rank, 1));
        Emit(n, x.Product(0, axis), x.Product(axis, x.Rank));
    }

    static void Squeeze(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int[]? given = n.Opset >= 13 ? n.Has(1) ? n.Ints(1, "axes") : null : n.Ints("axes");
        int[] squeezed = given is null
            ? [.. Enumerable.Range(0, x.Rank).Where(a => x[a] == 1)]
            : [.. given.Select(a => n.Axis(a, x.Rank))];
        if (squeezed.Any(a => x[a] != 1))
        {
            throw n.Fail($"axes {string.Join(", ", squeezed)} of {x} are not all of extent 1");
        }

        Emit(n, [.. Enumerable.Range(0, x.Rank).Except(squeezed).Select(a => x[a])]);
    }

    static void Unsqueeze(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int[] given = n.Opset >= 13 ? n.Ints(1, "axes") : n.Ints("axes") ?? [];
        int rank = x.Rank + given.Length;
        int[] added = [.. given.Select(a => n.Axis(a, rank)).Distinct()];
        if (added.Length != given.Length || rank > Shape.MaxRank)
        {
            throw n.Fail($"axes {string.Join(", ", given)} can't be added to {x}");
        }

        int next = 0;
        Emit(n, [.. Enumerable.Range(0, rank).Select(a => added.Contains(a) ? 1 : x[next++])]);
    }

    static void Transpose(NodeImport n)
    {
        int rank = n.ShapeOf(0).Rank;
        int[] perm = n.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse()];
        if (perm.Length != rank || !perm.Order().SequenceEqual(Enumerable.Range(0, rank)))
        {
            throw n.Fail($"[{string.Join(", ", perm)}] is no order of {rank} axes");
        }

        n.Emit(new Transpose(perm), n.Input(0));
    }

    static void Concat(NodeImport n)
    {
        int rank = n.ShapeOf(0).Rank;
        int axis = n.Axis(n.Long("axis", n.Opset < 4 ? 1 : 0), rank);
        if (n.InputCount == 1)
        {
            n.SetOutput(0, n.Input(0));
            return;
        }

        n.Emit(new Concat(axis), n.Inputs());
    }

    static void Split(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int axis = n.Axis(n.Long("axis", 0), x.Rank);
        int[]? given = n.Opset >= 13 ? n.Has(1) ? n.Ints(1, "sizes") : null : n.Ints("split");
        int[] extents = given ?? Equal(x[axis], n.Int("num_outputs", n.OutputCount));
        if (extents.Length != n.OutputCount)
        {
            throw n.Fail($"it has {n.OutputCount} outputs and {extents.Length} sizes");
        }

        int[] pieces = n.AddMany(new Split(axis, extents), "split", extents.Length, n.Input(0));
        for (int o = 0; o < pieces.Length; o++)
        {
            n.SetOutput(o, pieces[o]);
        }
    }

    // The last piece is smaller where the axis does not divide.
    static int[] Equal(int extent, int pieces)
    {
        int size = (extent + pieces - 1) / Math.Max(pieces, 1);
        return [.. Enumerable.Range(0, pieces).Select(
            i => (int)Math.Clamp(extent - ((long)i * size), 0, size))];
    }

    static void Expand(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int[] wanted = n.Ints(1, "shape");
        int rank = Math.Max(x.Rank, wanted.Length);
        var dims = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            int a = i - (rank - x.Rank) is var ai and >= 0 ? x[ai] : 1;
            int b = i - (rank - wanted.Length) is var bi and >= 0 ? wanted[bi] : 1;
            dims[i] = a == 1 ? b : a;
            if (b != 1 && a != 1 && a != b)
            {
                throw n.Fail($"{x} can't be expanded to [{string.Join("x", wanted)}]");
            }
        }

        n.Emit(new BroadcastTo([.. TensorData.ShapeOf([.. dims], n.Place).Dims]), n.Input(0));
    }

    static void Tile(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int[] repeats = n.Opset >= 6
            ? n.Ints(1, "repeats")
            : [.. Enumerable.Range(0, x.Rank).Select(
                a => a == n.Int(2, "axis") ? n.Int(1, "tiles") : 1)];
        n.Emit(new Tile(repeats), n.Input(0));
    }
}
