using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Products of matrices and what is made of them.</summary>
static class MatMulImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("MatMul", n => n.SetOutput(
            0, MatrixProducts.Multiply(n, n.Input(0), n.Input(1))));
        t.Add("Gemm", Gemm);
        t.Add("Det", n => n.Emit(new Determinant(), n.Input(0)));
        t.Add("Einsum", EinsumImport.Import);
        t.Add(OnnxTable.Microsoft, "FusedMatMul", FusedMatMul);
        t.Add(OnnxTable.Microsoft, "FusedGemm", FusedGemm);
    }

    static void Gemm(NodeImport n) => n.SetOutput(0, Product(n));

    // alpha · A' B' + beta · C.
    static int Product(NodeImport n)
    {
        int a = n.Input(0);
        int b = n.Input(1);
        if (n[a].Shape.Rank != 2 || n[b].Shape.Rank != 2)
        {
            throw n.Fail($"it multiplies matrices, not {n[a].Shape} and {n[b].Shape}");
        }

        a = n.Flag("transA") ? n.Transpose(a, 1, 0) : a;
        float alpha = n.Float("alpha", 1);
        bool scalesWeights = n.Graph.IsConstant(b);
        b = scalesWeights ? Scaled(n, b, alpha) : b;
        int c = n.Has(2) ? Scaled(n, n.Input(2), n.Float("beta", 1)) : -1;
        bool real = n[a].DType == DType.Float32 && n[a].Shape.Elements > 0;
        if (scalesWeights && real && n[b].Shape.Elements > 0)
        {
            return Layer(n, a, n.Flag("transB") ? b : n.Transpose(b, 1, 0), c);
        }

        b = n.Flag("transB") ? n.Transpose(b, 1, 0) : b;
        int y = MatrixProducts.Multiply(n, a, b);
        return Sum(n, scalesWeights ? y : Scaled(n, y, alpha), c);
    }

    // A constant row is the layer's bias.
    static int Layer(NodeImport n, int x, int weights, int c)
    {
        int outputs = n[weights].Shape[0];
        var layer = new FullyConnected(true, Activation.None);
        if (c >= 0 && n.Graph.IsConstant(c) && n[c].Shape.Rank <= 2
            && n[c].Shape.Elements == outputs
                && (n[c].Shape.Rank == 0 || n[c].Shape[-1] == outputs))
        {
            return n.AddNamed(layer, n.Name, x, weights, n.Reshape(c, outputs));
        }

        return Sum(n, n.Add(layer, "product", x, weights), c);
    }

    static int Sum(NodeImport n, int y, int c) =>
        c < 0 ? y : n.AddNamed(new Add(Activation.None), n.Name, y, c);

    static int Scaled(NodeImport n, int value, float factor) => factor == 1
        ? value
        : n.Add(new Mul(Activation.None), "scaled", value,
            n.Scalar("factor", factor, n[value].DType));

    static void FusedMatMul(NodeImport n)
    {
        if (n.Flag("transBatchA") || n.Flag("transBatchB"))
        {
            throw n.Unsupported("it moves the batch axis", "export the model without fusions");
        }

        int a = Turned(n, n.Input(0), n.Flag("transA"));
        int b = Turned(n, n.Input(1), n.Flag("transB"));
        n.SetOutput(0, Scaled(n, MatrixProducts.Multiply(n, a, b), n.Float("alpha", 1)));
    }

    static int Turned(NodeImport n, int value, bool turns)
    {
        int rank = n[value].Shape.Rank;
        return turns && rank > 1
            ? n.Transpose(value, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2])
            : value;
    }

    static void FusedGemm(NodeImport n) =>
        n.SetOutput(0, FusedActivation.Add(n, Product(n), n.Text("activation", "")));
}
