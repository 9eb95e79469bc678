using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Recurrent cells that ONNX has no operator for, as what they are made of.</summary>
static class CellExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.Svdf] = Svdf;
        table[OpCode.LstmCell] = LstmCell;
    }

    // The memory without its oldest features and with the newest, weighted and summed.
    static void Svdf(NodeExport n)
    {
        var op = n.Op<Svdf>();
        (int batch, int filters, int depth) =
            (n.In(0).Shape[0], n.In(1).Shape[0], n.In(2).Shape[1]);
        var kept = new Shape(batch, filters, depth);
        OnnxTensor newest = n.Add(
            "Gemm", DType.Float32, new Shape(batch, filters), [n.Real(0), n.Real(1)],
            Attribute.Of("transB", 1));
        newest = Stored(n, op.Memory, newest);
        OnnxTensor held = n.Reshape(States.Real(n, op.Memory), kept);
        OnnxTensor memory = n.Reshape(newest, new Shape(batch, filters, 1));
        if (depth > 1)
        {
            OnnxTensor recent = n.Slice(
                held, new Shape(batch, filters, depth - 1), [1], [depth], [2], [1]);
            memory = n.Add(
                "Concat", DType.Float32, kept, [recent, memory], Attribute.Of("axis", 2));
        }

        States.Assign(n, op.Memory, memory);

        OnnxTensor weighted = n.Binary("Mul", memory, n.Real(2));
        OnnxTensor sums = n.Reduce("ReduceSum", weighted, [2], keepDims: false);
        sums = n.Reshape(sums, new Shape(batch, filters / op.FilterRank, op.FilterRank));
        OnnxTensor y = n.Reduce("ReduceSum", sums, [2], keepDims: false);
        y = n.Has(3) ? n.Binary("Add", y, Bias(n, op)) : y;

        // The integer form clamps to its output's range alone.
        bool isInteger = n.In(0).DType == DType.Int8;
        n.Give(0, isInteger ? y : Activated(n, y, op.Activation));
    }

    // Features as the memory holds them: in whole steps, if it holds integers.
    static OnnxTensor Stored(NodeExport n, int memory, OnnxTensor x)
    {
        Variable v = n.Run.Model.Variables[memory];
        if (v.Quant is not { } quant)
        {
            return x;
        }

        OnnxTensor step = n.Number(DType.Float32, quant.Scale);
        int most = (1 << (v.DType.Bits() - 1)) - 1;
        OnnxTensor steps = n.Clipped(
            n.Unary("Round", n.Binary("Div", x, step)), -most - 1, most);
        return n.Binary("Mul", steps, step);
    }

    static OnnxTensor Bias(NodeExport n, Svdf op) => n.In(3).DType == DType.Float32
        ? n.Real(3)
        : RecurrentExports.RealBias(
            n, 3, 2, n.Run.Model.Variables[op.Memory].Quant?.Scale ?? 1);

    static OnnxTensor Activated(NodeExport n, OnnxTensor x, CellActivation activation) =>
        activation switch
        {
            CellActivation.None => x,
            CellActivation.Relu => n.Unary("Relu", x),
            CellActivation.Tanh => n.Unary("Tanh", x),
            CellActivation.Logistic => n.Unary("Sigmoid", x),
            CellActivation.Relu6 => n.Clipped(x, 0, 6),
            CellActivation.ReluN1To1 => n.Clipped(x, -1, 1),
            _ => throw new NoEquivalentException($"an SVDF with activation {activation}"),
        };

    static void LstmCell(NodeExport n)
    {
        (int batch, int units) = (n.In(4).Shape[0], n.In(4).Shape[1]);
        OnnxTensor joined = n.Add(
            "Concat", DType.Float32, n.Out(2).Shape, [n.Real(0), n.Real(1)],
            Attribute.Of("axis", 1));
        OnnxTensor sums = n.Add(
            "Gemm", DType.Float32, n.Out(3).Shape, [joined, n.Real(2), n.Real(3)],
            Attribute.Of("transB", 1));
        OnnxTensor Gate(int gate, string function) => n.Unary(function, n.Slice(
            sums, new Shape(batch, units), [gate * units], [(gate + 1) * units], [1], [1]));
        OnnxTensor added = n.Binary("Mul", Gate(0, "Sigmoid"), Gate(1, "Tanh"));
        OnnxTensor kept = n.Binary("Mul", Gate(2, "Sigmoid"), n.Real(4));
        OnnxTensor cell = n.Binary("Add", kept, added);
        n.Give(0, n.Binary("Mul", Gate(3, "Sigmoid"), n.Unary("Tanh", cell)));
        n.Give(1, cell);
        n.Give(2, joined);
        n.Give(3, sums);
    }
}
