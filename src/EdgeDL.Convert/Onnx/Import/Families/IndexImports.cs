using EdgeDL.Ops;
using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Gathering and scattering by indices, triangles, running sums.</summary>
static class IndexImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("Gather", n => n.Emit(
            new Gather(Axis(n, otherwise: 0), 0), n.Input(0), n.Input(1)));
        t.Add("GatherElements", n => n.Emit(
            new GatherElements(Axis(n, 0)), n.Input(0), n.Input(1)));
        t.Add("GatherND", GatherNd);
        t.Add("Scatter", ScatterElements);
        t.Add("ScatterElements", ScatterElements);
        t.Add("ScatterND", n => n.Emit(
            new ScatterNdUpdate(Kind(n)), n.Input(0), n.Input(1), n.Input(2)));
        t.Add("Trilu", n => n.Emit(
            new Trilu(n.Flag("upper", true)),
                [n.Input(0), .. n.Has(1) ? [n.Input(1)] : (int[])[]]));
        t.Add("EyeLike", EyeLike);
        t.Add("CumSum", CumSum);
        t.Add("ReverseSequence", ReverseSequence);
        SearchImports.Register(t);
    }

    static int Axis(NodeImport n, int otherwise) =>
        n.Axis(n.Long("axis", otherwise), n.ShapeOf(0).Rank);

    // Leading axes that both share become one more index of each tuple.
    static void GatherNd(NodeImport n)
    {
        int batchDims = n.Int("batch_dims", 0);
        Shape index = n.ShapeOf(1);
        if (batchDims == 0)
        {
            n.Emit(new GatherNd(), n.Input(0), n.Input(1));
            return;
        }

        Shape x = n.ShapeOf(0);
        if (batchDims < 0 || batchDims >= Math.Min(x.Rank, index.Rank)
            || !x.Dims[..batchDims].SequenceEqual(index.Dims[..batchDims]))
        {
            throw n.Fail($"{x} and indices {index} don't share {batchDims} leading axes");
        }

        int batches = x.Product(0, batchDims);
        int tuples = index.Product(batchDims, index.Rank - 1);
        int together = n.Reshape(n.Input(0), [batches, .. x.Dims[batchDims..]]);
        int rows = n.Reshape(n.Input(1), batches, tuples, index[-1]);
        int batch = n.Reshape(
            n.Places("batch", batches * tuples, i => i / tuples), batches, tuples, 1);
        rows = n[rows].DType == DType.Int64 ? rows : n.Add(new Cast(DType.Int64), "wide", rows);
        int all = n.Add(new Concat(2), "tuples", batch, rows);
        int y = n.Add(new GatherNd(), "gathered", together, all);
        n.SetOutput(0, n.Reshape(
            y, [.. index.Dims[..^1], .. x.Dims[(batchDims + index[-1])..]]));
    }

    static ScatterKind Kind(NodeImport n) => n.Text("reduction", "none") switch
    {
        "none" => ScatterKind.Replace,
        "add" => ScatterKind.Add,
        "mul" => ScatterKind.Multiply,
        "max" => ScatterKind.Max,
        "min" => ScatterKind.Min,
        string other => throw n.Fail($"there is no reduction '{other}'"),
    };

    static void ScatterElements(NodeImport n) => n.Emit(
        new ScatterElements(Axis(n, 0), Kind(n)), n.Input(0), n.Input(1), n.Input(2));

    static void EyeLike(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        if (x.Rank != 2)
        {
            throw n.Fail($"it takes a matrix, not {x}");
        }

        DType stored = n.HasAttribute("dtype")
            ? ElementTypes.Stored((DataType)n.Int("dtype", 1))
            : n.StoredType(0);
        DType type = ElementTypes.Computed(stored);
        long bytes = type.Bytes(x.Elements);
        if (type == DType.None || !n.Graph.Model.Budget.TryTake(bytes))
        {
            throw n.Unsupported($"it makes a constant {x} of {stored}",
                "export a smaller one, of numbers");
        }

        long k = n.Long("k", 0);
        byte[] one = Numbers.Bytes(1, type);
        var matrix = new byte[bytes];
        for (int row = 0; row < x[0]; row++)
        {
            if (row + k >= 0 && row + k < x[1])
            {
                one.CopyTo(matrix, ((long)row * x[1] + row + k) * one.Length);
            }
        }

        int value = n.Graph.Builder.Constant(n.Name, type, x, Constant.Copy<byte>(matrix));
        n.SetOutput(0, new TensorOperand(value, stored));
    }

    // Integers below 32 bits are not of the operator's types.
    static void CumSum(NodeImport n)
    {
        int axis = n.Axis(n.Int(1, "axis"), n.ShapeOf(0).Rank);
        n.Emit(new CumSum(axis, n.Flag("exclusive"), n.Flag("reverse")), n.Input(0));
    }

    static void ReverseSequence(NodeImport n)
    {
        int rank = n.ShapeOf(0).Rank;
        n.Emit(
            new ReverseSequence(
                n.Axis(n.Long("time_axis", 0), rank), n.Axis(n.Long("batch_axis", 1), rank)),
            n.Input(0), n.Input(1));
    }
}
