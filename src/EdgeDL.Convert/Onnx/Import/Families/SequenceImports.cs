using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// Lists and optionals. Their lengths are known during import, so nothing is left of them in our
/// graph but the tensors they hold.
/// </summary>
static class SequenceImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("SequenceEmpty", n => n.SetOutput(0, new SequenceOperand([])));
        t.Add("SequenceConstruct", n => n.SetOutput(0, new SequenceOperand(
            [.. Enumerable.Range(0, n.InputCount).Select(n.Operand)])));
        t.Add("SequenceAt", n => n.SetOutput(0, List(n, 0)[Index(n, 1, List(n, 0).Count)]));
        t.Add("SequenceErase", Erase);
        t.Add("SequenceInsert", Insert);
        t.Add("SequenceLength", n => n.SetOutput(0,
            n.Constant<long>("length", Shape.Scalar, [List(n, 0).Count])));
        t.Add("SequenceMap", Map);
        t.Add("SplitToSequence", Split);
        t.Add("ConcatFromSequence", Concat);
        t.Add("Optional", n => n.SetOutput(0,
            new OptionalOperand(n.InputCount > 0 ? n.Operand(0) : null)));
        t.Add("OptionalHasElement", HasElement);
        t.Add("OptionalGetElement", GetElement);
    }

    static IReadOnlyList<Operand> List(NodeImport n, int i)
    {
        Operand operand = n.Operand(i);
        while (operand is OptionalOperand { Item: { } item })
        {
            operand = item;
        }

        return operand is SequenceOperand list
            ? list.Items
            : throw n.Fail($"input {i} is no list");
    }

    static int Index(NodeImport n, int i, int count) => n.Axis(n.Int(i, "position"), count);

    static void Erase(NodeImport n)
    {
        var items = new List<Operand>(List(n, 0));
        items.RemoveAt(n.Has(1) ? Index(n, 1, items.Count) : n.Axis(-1, items.Count));
        n.SetOutput(0, new SequenceOperand(items));
    }

    static void Insert(NodeImport n)
    {
        var items = new List<Operand>(List(n, 0));
        int at = items.Count;
        if (n.Has(2))
        {
            int given = n.Int(2, "position");
            at = given < 0 ? given + items.Count : given;
            if (at < 0 || at > items.Count)
            {
                throw n.Fail($"position {given} is outside a list of {items.Count}");
            }
        }

        items.Insert(at, n.Operand(1));
        n.SetOutput(0, new SequenceOperand(items));
    }

    static void Map(NodeImport n)
    {
        GraphProto body = n.Body("body");
        int count = List(n, 0).Count;
        var results = new List<Operand>[n.OutputCount];
        for (int o = 0; o < results.Length; o++)
        {
            results[o] = [];
        }

        for (int turn = 0; turn < count; turn++)
        {
            var inputs = new List<Operand>();
            for (int i = 0; i < n.InputCount; i++)
            {
                inputs.Add(n.Operand(i) is SequenceOperand list
                    ? turn < list.Items.Count
                        ? list.Items[turn]
                        : throw n.Fail($"its lists have {count} and {list.Items.Count} items")
                    : n.Operand(i));
            }

            Operand[] outputs = Body.Inline(n, body, $"{n.Name}/{turn}/", inputs);
            for (int o = 0; o < results.Length; o++)
            {
                results[o].Add(outputs[o]);
            }
        }

        for (int o = 0; o < results.Length; o++)
        {
            n.SetOutput(o, new SequenceOperand(results[o]));
        }
    }

    static void Split(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int axis = n.Axis(n.Long("axis", 0), x.Rank);
        bool isScalar = n.Has(1) && n.ShapeOf(1).Rank == 0;
        int[] extents = n.Has(1) && !isScalar
            ? n.Ints(1, "sizes")
            : Chunks(n, x[axis], n.Has(1) ? n.Int(1, "size") : 1);
        int[] pieces = n.AddMany(new Split(axis, extents), "split", extents.Length, n.Input(0));
        if (!n.Has(1) && !n.Flag("keepdims", true))
        {
            int[] dims = [.. x.ToArray().Where((_, a) => a != axis)];
            pieces = [.. pieces.Select(p => n.Reshape(p, dims))];
        }

        n.SetOutput(0, new SequenceOperand(
            [.. pieces.Select(p => new TensorOperand(p, n.StoredType(0)))]));
    }

    static int[] Chunks(NodeImport n, int extent, int size)
    {
        if (size < 1)
        {
            throw n.Fail($"pieces of {size} elements can't be cut");
        }

        var chunks = new List<int>();
        for (int at = 0; at < extent; at += size)
        {
            chunks.Add(Math.Min(size, extent - at));
        }

        return [.. chunks];
    }

    static void Concat(NodeImport n)
    {
        IReadOnlyList<Operand> items = List(n, 0);
        if (items.Count == 0)
        {
            throw n.Fail("it joins an empty list");
        }

        int[] values = [.. items.Select(item => LoopImport.Tensor(n, item))];
        bool isNew = n.Flag("new_axis");
        int axis = n.Axis(n.Long("axis", 0), n[values[0]].Shape.Rank + (isNew ? 1 : 0));
        n.Emit(isNew ? new Pack(axis) : new Concat(axis), values);
    }

    static void HasElement(NodeImport n)
    {
        bool has = n.InputCount > 0 && n.Operand(0) is not OptionalOperand { Item: null };
        n.SetOutput(0, n.Constant<bool>("has", Shape.Scalar, [has]));
    }

    static void GetElement(NodeImport n) => n.SetOutput(0, n.Operand(0) switch
    {
        OptionalOperand { Item: { } item } => item,
        OptionalOperand => throw n.Fail("the optional is empty"),
        Operand plain => plain,
    });
}
