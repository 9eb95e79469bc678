using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Products of quantized matrices.</summary>
static class QuantImports
{
    public static void Register(OnnxTable t)
    {
        QuantizeImports.Register(t);
        QuantConvImports.Register(t);
        t.Add("MatMulInteger", n => n.SetOutput(0, MatrixProducts.Bytes(
            n, n.Input(0), n.Input(1), n.Input(2), n.Input(3))));
        t.Add("QLinearMatMul", MatMul);
        t.Add(OnnxTable.Microsoft, "QGemm", Gemm);
        t.Add(OnnxTable.Microsoft, "MatMulIntegerToFloat", ToFloat);
        t.Add(OnnxTable.Microsoft, "DynamicQuantizeMatMul", DynamicMatMul);
    }

    // Sums in integers, then one factor for all: the same bits as ONNX Runtime.
    static void MatMul(NodeImport n)
    {
        int sums = MatrixProducts.Bytes(n, n.Input(0), n.Input(3), n.Input(2), n.Input(5));
        int factor = n.Add(new Mul(Activation.None), "scales", Scale(n, 1), Scale(n, 4));
        factor = n.Add(new Div(Activation.None), "factor", factor, Scale(n, 6));
        n.SetOutput(0, Requantized(n, sums, factor, 7));
    }

    // One scale for all, or one a row or column as it stands in the file.
    static int Scale(NodeImport n, int i) => n.ShapeOf(i).Elements == 1
        ? n.Reshape(n.Input(i))
        : n.Input(i);

    /// <summary>clamp(round(sums · factor) + zero point) in the type of that input.</summary>
    public static int Requantized(NodeImport n, int sums, int factor, int zero)
    {
        DType type = n.In(zero).DType;
        bool isSigned = type == DType.Int8;
        int y = n.Add(new Cast(DType.Float32), "real", sums);
        y = n.Add(new Mul(Activation.None), "scaled", y, factor);
        y = n.Add(new Round(), "rounded", y);
        y = n.Add(new Add(Activation.None), "moved", y,
            n.Add(new Cast(DType.Float32), "zero", Scale(n, zero)));
        y = n.Add(new Clip(isSigned ? -128 : 0, isSigned ? 127 : 255), "clamped", y);
        return n.Add(new Cast(type), "bytes", y);
    }

    // alpha · A' B' + C, in floats if the output has no scale.
    static void Gemm(NodeImport n)
    {
        int a = n.Flag("transA") ? n.Transpose(n.Input(0), 1, 0) : n.Input(0);
        int b = n.Flag("transB") ? n.Transpose(n.Input(3), 1, 0) : n.Input(3);
        int sums = MatrixProducts.Bytes(n, a, b, n.Input(2), n.Input(5));
        sums = n.Has(6) ? n.Add(new Add(Activation.None), "biased", sums, n.Input(6)) : sums;
        int factor = n.Add(new Mul(Activation.None), "scales", Scale(n, 1), Scale(n, 4));
        if (n.Float("alpha", 1) is not 1 and var alpha)
        {
            factor = n.Add(new Mul(Activation.None), "alpha", factor,
                n.Scalar("by", alpha, DType.Float32));
        }

        if (n.Has(7))
        {
            factor = n.Add(new Div(Activation.None), "factor", factor, Scale(n, 7));
            n.SetOutput(0, Requantized(n, sums, factor, 8));
            return;
        }

        int real = n.Add(new Cast(DType.Float32), "real", sums);
        n.Emit(new Mul(Activation.None), real, factor);
    }

    // A, B, their scales, zero points and a bias.
    static void ToFloat(NodeImport n)
    {
        int sums = MatrixProducts.Bytes(n, n.Input(0), n.Input(1), n.Input(4), n.Input(5));
        int factor = n.Add(new Mul(Activation.None), "scales", Scale(n, 2), Scale(n, 3));
        Finish(n, sums, factor, 6);
    }

    static void Finish(NodeImport n, int sums, int factor, int bias)
    {
        int real = n.Add(new Cast(DType.Float32), "real", sums);
        int y = n.Add(new Mul(Activation.None), "scaled", real, factor);
        n.SetOutput(0, n.Has(bias)
            ? n.Add(new Add(Activation.None), "biased", y, n.Input(bias))
            : y);
    }

    // A is quantized as it comes: inputs A, B, B's scale and zero point, a bias.
    static void DynamicMatMul(NodeImport n)
    {
        (int scale, int zero, int bytes) = QuantizeImports.Dynamic(n, n.Input(0));
        int sums = MatrixProducts.Bytes(n, bytes, n.Input(1), zero, n.Input(3));
        int factor = n.Add(new Mul(Activation.None), "scales", scale, Scale(n, 2));
        Finish(n, sums, factor, 4);
    }
}
