using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// ONNX Runtime's operators on quantized tensors: they are said as dequantize, operator, quantize,
/// which passes put on integers.
/// </summary>
static class QLinearImports
{
    public static void Register(OnnxTable t)
    {
        Add(t, "QLinearAdd", n => Binary(n, new Add(Activation.None)));
        Add(t, "QLinearMul", n => Binary(n, new Mul(Activation.None)));
        Add(t, "QLinearSigmoid", n => Emit(n, n.Add(new Logistic(), "real", Real(n, 0)), 3));
        Add(t, "QLinearLeakyRelu", n => Emit(
            n, n.Add(new LeakyRelu(n.Float("alpha", 0.01f)), "real", Real(n, 0)), 3));
        Add(t, "QLinearSoftmax", Softmax);
        Add(t, "QLinearGlobalAveragePool", GlobalAveragePool);
        Add(t, "QLinearAveragePool", AveragePool);
        Add(t, "QLinearConcat", Concat);
        Add(t, "QLinearWhere", Where);
    }

    static void Add(OnnxTable t, string op, ImportNode import) =>
        t.Add(OnnxTable.Microsoft, op, import);

    // Input i with its scale and zero point behind it, as reals.
    static int Real(NodeImport n, int i)
    {
        Quantization quant = QuantParameters.One(n, i + 1, i + 2);
        int x = n.Quantized(i, quant);
        return n.Add(new Dequantize(), $"real {i}", x);
    }

    // The result in the type of input 0, with the scale at this input and the zero point behind.
    static void Emit(NodeImport n, int real, int scale) => Emit(n, real, scale, n.In(0).DType);

    static void Emit(NodeImport n, int real, int scale, DType type) => n.SetOutput(
        0, n.AddQuantized(
            new Quantize(type), "quantized", QuantParameters.One(n, scale, scale + 1), real));

    static void Binary(NodeImport n, Op op) =>
        Emit(n, n.Add(op, "real", Real(n, 0), Real(n, 3)), 6);

    static void Softmax(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int axis = n.Axis(n.Long("axis", -1), x.Rank);
        bool rows = n.Long("opset", 13) < 13;
        int real = Real(n, 0);
        int y = rows
            ? n.Reshape(real, x.Product(0, axis), x.Product(axis, x.Rank))
            : real;
        y = n.Add(new Softmax(rows ? 1 : axis, 1), "real", y);
        Emit(n, n.Reshape(y, x.ToArray()), 3);
    }

    static void GlobalAveragePool(NodeImport n)
    {
        int rank = n.ShapeOf(0).Rank;
        int first = n.Flag("channels_last") ? 1 : 2;
        var axes = new ReduceAxes([.. Enumerable.Range(first, Math.Max(rank - 2, 0))], true);
        Emit(n, n.Add(new Mean(axes), "real", Real(n, 0)), 3);
    }

    static void AveragePool(NodeImport n)
    {
        if (n.Flag("channels_last"))
        {
            throw n.Unsupported("its channels are last", "export it with the channels at axis 1");
        }

        Emit(n, Standard(n, "AveragePool", Real(n, 0)), 3);
    }

    /// <summary>What an operator of the standard gives for a value, with this node's attributes.
    /// </summary>
    static int Standard(NodeImport n, string op, int input)
    {
        string name = $"{n.Name}/{op}";
        var node = new NodeProto { OpType = op, Name = n.Node.Name };
        node.Attribute.AddRange(n.Node.Attribute);
        node.Input.Add($"{name}/in");
        node.Output.Add(name);
        n.Scope.Define(node.Input[0], new TensorOperand(input, DType.Float32));
        OnnxTable.All.Find(node)!(new NodeImport(n.Graph, node, n.Scope, call: null));
        return ((TensorOperand)n.Graph.Find(n.Scope, name)!).Value;
    }

    // Inputs: the result's scale and zero point, then x, scale and zero point of each part.
    static void Concat(NodeImport n)
    {
        if (n.InputCount < 5 || (n.InputCount - 2) % 3 != 0)
        {
            throw n.Fail($"it has {n.InputCount} inputs, not 2 and 3 a part");
        }

        int[] parts = [.. Enumerable.Range(0, (n.InputCount - 2) / 3).Select(
            k => Real(n, 2 + (3 * k)))];
        int axis = n.Axis(n.Long("axis", 0), n.ShapeOf(2).Rank);
        int real = parts.Length == 1 ? parts[0] : n.Add(new Concat(axis), "real", parts);
        Emit(n, real, 0, n.In(2).DType);
    }

    static void Where(NodeImport n)
    {
        int y = n.Add(new Select(), "real", n.Input(0), Real(n, 1), Real(n, 4));
        Emit(n, y, 7, n.In(1).DType);
    }
}
