using EdgeDL.Ops;
using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Changes of the element type.</summary>
static class CastImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("Cast", n => Emit(n, Target(n)));
        t.Add("CastLike", n => Emit(n, n.StoredType(1)));
        t.Add("BitCast", n => n.Emit(new Bitcast(Target(n)), n.Input(0)));
    }

    static DType Target(NodeImport n)
    {
        int to = n.Int("to", 0);
        DType type = ElementTypes.Stored((DataType)to);
        return type != DType.None
            ? type
            : throw n.Unsupported($"it casts to {TensorData.NameOf(to)}",
                "cast to float, an integer or bool");
    }

    // A float of another width is rounded to it, and goes on as the Float32 of the same value.
    static void Emit(NodeImport n, DType to)
    {
        int x = n.Input(0);
        DType computed = ElementTypes.Computed(to);
        bool rounds = to is DType.Float16 or DType.BFloat16;
        int y = rounds ? n.Add(new Cast(to), "rounded", x) : x;
        y = n[y].DType == computed ? y : n.AddNamed(new Cast(computed), n.Name, y);
        n.SetOutput(0, new TensorOperand(y, to));
    }
}
