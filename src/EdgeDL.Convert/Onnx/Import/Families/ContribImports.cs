using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>What ONNX Runtime's optimizer makes of the standard's operators.</summary>
static class ContribImports
{
    public static void Register(OnnxTable t)
    {
        Add(t, "Gelu", n => n.Emit(new Gelu(), n.Input(0)));
        Add(t, "BiasGelu", n => n.Emit(new Gelu(), Biased(n)));
        Add(t, "FastGelu", n => n.Emit(new GeluTanh(), Biased(n)));
        Add(t, "QuickGelu", QuickGelu);
        Add(t, "MatMulNBits", NarrowMatMulImport.Import);
        QLinearImports.Register(t);
        AttentionImports.Register(t);
    }

    static void Add(OnnxTable t, string op, ImportNode import) =>
        t.Add(OnnxTable.Microsoft, op, import);

    static int Biased(NodeImport n) => n.Has(1)
        ? n.Add(new Add(Activation.None), "biased", n.Input(0), n.Input(1))
        : n.Input(0);

    static void QuickGelu(NodeImport n)
    {
        int factor = n.Scalar("alpha", n.Float("alpha", 1.702f), DType.Float32);
        int scaled = n.Add(new Mul(Activation.None), "scaled", n.Input(0), factor);
        n.Emit(new Mul(Activation.None), n.Input(0), n.Add(new Logistic(), "gate", scaled));
    }
}
