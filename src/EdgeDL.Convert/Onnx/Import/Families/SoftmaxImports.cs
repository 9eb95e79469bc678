using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Softmax and its kin.</summary>
static class SoftmaxImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("Softmax", n => Import(n, axis => new Softmax(axis, 1)));
        t.Add("LogSoftmax", n => Import(n, axis => new LogSoftmax(axis)));
        t.Add("Hardmax", n => Import(n, axis => new HardMax(axis)));
    }

    // Before opset 13 a row is everything from the axis on.
    static void Import(NodeImport n, Func<int, Op> make)
    {
        Shape x = n.ShapeOf(0);
        int axis = n.Axis(n.Long("axis", n.Opset < 13 ? 1 : -1), x.Rank);
        if (n.Opset >= 13 || axis == x.Rank - 1)
        {
            n.Emit(make(axis), n.Input(0));
            return;
        }

        int rows = n.Reshape(n.Input(0), x.Product(0, axis), x.Product(axis, x.Rank));
        n.SetOutput(0, n.Reshape(n.Add(make(1), "rows", rows), x.ToArray()));
    }
}
