using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Recurrent layers: with state in variables, and as ONNX has them.</summary>
static class RecurrentExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.LstmLayer] = n => Layer(
            n, "LSTM", n.Op<LstmLayer>(), cells: true,
            Attribute.Of("input_forget", n.Op<LstmLayer>().Coupled ? 1 : 0));
        table[OpCode.GruLayer] = n => Layer(
            n, "GRU", n.Op<GruLayer>(), cells: false,
            Attribute.Of("linear_before_reset", n.Op<GruLayer>().ResetAfter ? 1 : 0));
        table[OpCode.RnnLayer] = n => Layer(n, "RNN", n.Op<RnnLayer>(), cells: false);
        table[OpCode.Lstm] = Lstm;
        table[OpCode.Rnn] = Rnn;
        table[OpCode.Gru] = Gru;
    }

    static void Layer(
        NodeExport n, string type, RecurrentLayer op, bool cells, params AttributeProto[] own)
    {
        Shape x = n.In(0).Shape;
        int units = n.In(2).Shape[1];
        OnnxTensor? bias = n.Has(3) || n.Has(4)
            ? Joined(n, [Sums(n, 3), Sums(n, 4)]) : null;
        List<AttributeProto> attributes =
        [
            .. own, Attribute.Of("hidden_size", (long)units),
            Attribute.Of("direction", op.Reverse ? "reverse" : "forward"),
            Attribute.Of("activations",
                [.. op.Functions.ToArray().Select(f => f.Kind.ToString())]),
            Attribute.Of("activation_alpha",
                [.. op.Functions.ToArray().Select(f => f.Alpha)]),
            Attribute.Of("activation_beta",
                [.. op.Functions.ToArray().Select(f => f.Beta)]),
        ];
        if (op.Clip > 0)
        {
            attributes.Add(Attribute.Of("clip", op.Clip));
        }

        OnnxTensor?[] inputs =
        [
            n.Real(0), One(n, n.Real(1)), One(n, n.Real(2)), bias is null ? null : One(n, bias),
            n.Has(5) ? n.Raw(5) : null, n.Has(6) ? One(n, n.Real(6)) : null,
            cells && n.Has(7) ? One(n, n.Real(7)) : null,
            cells && n.Has(8) ? One(n, n.Real(8)) : null,
        ];
        OnnxTensor[] y = n.AddMany(
            type, Results(x[0], x[1], units, cells), cells ? inputs : inputs[..6],
            [.. attributes]);
        for (int o = 0; o < y.Length; o++)
        {
            n.Give(o, n.Reshape(y[o], n.Out(o).Shape));
        }
    }

    static OnnxTensor Sums(NodeExport n, int i)
    {
        int rows = n.In(1).Shape[0];
        return n.Has(i) ? n.Real(i)
            : n.Constant<float>("no_bias", new Shape(rows), new float[rows]);
    }

    static (DType, Shape)[] Results(int time, int batch, int units, bool cells)
    {
        var state = new Shape(1, batch, units);
        (DType, Shape) y = (DType.Float32, new Shape(time, 1, batch, units));
        return cells
            ? [y, (DType.Float32, state), (DType.Float32, state)] : [y, (DType.Float32, state)];
    }

    static void Lstm(NodeExport n)
    {
        const int Weights = 1, Recurrent = 5, Peephole = 9, Bias = 12, Projection = 16, Norm = 18;
        var op = n.Op<Lstm>();
        LstmSettings s = op.Settings;
        RejectRounding(n, Weights + 1);
        OnnxTensor x = Sequence(n, s.TimeMajor, out int time, out int batch);
        if (!n.Has(Weights) || n.Has(Projection) || n.Has(Norm + 1) || s.CellClip > 0
            || n.In(0).DType != DType.Float32 || s.Activation is not
                (CellActivation.Tanh or CellActivation.Relu or CellActivation.Logistic))
        {
            OnnxTensor[] steps = LstmScan.Run(n, x, batch);
            States.Assign(n, op.Hidden, steps[0]);
            States.Assign(n, op.Cell, steps[1]);
            GiveSequence(n, steps[2], s.TimeMajor);
            return;
        }

        int units = n.In(Recurrent + 1).Shape[0];

        // Ours is input, forget, cell, output; ONNX wants input, output, forget, cell.
        int[] order = [0, 3, 1, 2];
        OnnxTensor w = Joined(n, [.. order.Select(g => n.Real(Weights + g))]);
        OnnxTensor r = Joined(n, [.. order.Select(g => n.Real(Recurrent + g))]);
        OnnxTensor none = n.Constant<float>("no_bias", new Shape(4 * units), new float[4 * units]);
        OnnxTensor b = Joined(n,
        [
            .. order.Select(g => n.Has(Bias + g) ? RealBias(n, Bias + g, Weights + g)
                : n.Constant<float>("no_bias", new Shape(units), new float[units])),
            none,
        ]);
        int[] peepholes = [Peephole, Peephole + 2, Peephole + 1];
        OnnxTensor? p = n.Has(Peephole + 1)
            ? One(n, Joined(n, [.. peepholes.Select(n.Real)])) : null;
        var state = new Shape(1, batch, units);
        OnnxTensor[] y = n.AddMany(
            "LSTM", Results(time, batch, units, cells: true),
            [
                x, One(n, w), One(n, r), One(n, b), null,
                n.Reshape(States.Real(n, op.Hidden), state),
                n.Reshape(States.Real(n, op.Cell), state), p,
            ],
            Attribute.Of("hidden_size", (long)units), Direction(s.Reverse),
            Attribute.Of("activations",
                ["Sigmoid", Function(s.Activation), Function(s.Activation)]));
        States.Assign(n, op.Hidden, y[1]);
        States.Assign(n, op.Cell, y[2]);
        GiveSequence(n, y[0], s.TimeMajor);
    }

    /// <summary>A bias as reals: integers have scale input · weight.</summary>
    public static OnnxTensor RealBias(NodeExport n, int bias, int weights) =>
        RealBias(n, bias, weights, n.In(0).Quant?.Scale ?? 1);

    /// <inheritdoc cref="RealBias(NodeExport, int, int)"/>
    public static OnnxTensor RealBias(NodeExport n, int bias, int weights, float input)
    {
        if (n.In(bias).DType == DType.Float32)
        {
            return n.Real(bias);
        }

        float scale = input * n.In(weights).Quant!.Scale;
        return n.Add(
            "DequantizeLinear", DType.Float32, n.In(bias).Shape,
            [n.Raw(bias), n.Number(DType.Float32, scale)]);
    }

    static void Rnn(NodeExport n)
    {
        var op = n.Op<Rnn>();
        RejectRounding(n, 1);
        OnnxTensor x = Sequence(n, op.TimeMajor, out int time, out int batch);
        int units = n.In(2).Shape[0];
        OnnxTensor none = n.Constant<float>("no_bias", new Shape(units), new float[units]);
        OnnxTensor[] y = n.AddMany(
            "RNN", Results(time, batch, units, cells: false),
            [
                x, One(n, n.Real(1)), One(n, n.Real(2)), One(n, Joined(n, [n.Real(3), none])),
                null, n.Reshape(States.Real(n, op.Hidden), new Shape(1, batch, units)),
            ],
            Attribute.Of("hidden_size", (long)units), Direction(op.Reverse),
            Attribute.Of("activations", [Function(op.Activation)]));
        States.Assign(n, op.Hidden, y[1]);
        GiveSequence(n, y[0], op.TimeMajor);
    }

    static void Gru(NodeExport n)
    {
        var op = n.Op<Gru>();
        OnnxTensor x = Sequence(n, op.TimeMajor, out int time, out int batch);
        int units = n.In(2).Shape[1];
        OnnxTensor[] y = n.AddMany(
            "GRU", Results(time, batch, units, cells: false),
            [
                x, One(n, n.Real(1)), One(n, n.Real(2)),
                One(n, Joined(n, [n.Real(3), n.Real(4)])), null,
                n.Reshape(States.Real(n, op.Hidden), new Shape(1, batch, units)),
            ],
            Attribute.Of("hidden_size", (long)units), Direction(op.Reverse),
            Attribute.Of("linear_before_reset", op.ResetAfter ? 1 : 0));
        States.Assign(n, op.Hidden, y[1]);
        GiveSequence(n, y[0], op.TimeMajor);
    }

    static void RejectRounding(NodeExport n, int weights)
    {
        if (n.In(0).DType == DType.Float32 && n.In(weights).DType != DType.Float32)
        {
            throw new NoEquivalentException(
                "ONNX's recurrent layers don't round their activations as they run");
        }
    }

    // [time, batch, inputs]; rank 2 is one step.
    static OnnxTensor Sequence(NodeExport n, bool timeMajor, out int time, out int batch)
    {
        OnnxTensor x = n.Real(0);
        Shape s = x.Shape;
        (time, batch) = s.Rank == 2 ? (1, s[0]) : timeMajor ? (s[0], s[1]) : (s[1], s[0]);
        return s.Rank == 2 ? n.Reshape(x, new Shape(1, s[0], s[1]))
            : timeMajor ? x : n.Transpose(x, 1, 0, 2);
    }

    static void GiveSequence(NodeExport n, OnnxTensor y, bool timeMajor)
    {
        Shape s = y.Shape;
        OnnxTensor flat = s.Rank == 3 ? y : n.Reshape(y, new Shape(s[0], s[2], s[3]));
        bool turned = n.Out(0).Shape.Rank == 3 && !timeMajor;
        n.Give(0, n.Reshape(turned ? n.Transpose(flat, 1, 0, 2) : flat, n.Out(0).Shape));
    }

    static AttributeProto Direction(bool reverse) =>
        Attribute.Of("direction", reverse ? "reverse" : "forward");

    static string Function(CellActivation activation) => activation switch
    {
        CellActivation.Tanh => "Tanh",
        CellActivation.Relu => "Relu",
        CellActivation.Logistic => "Sigmoid",
        _ => throw new NoEquivalentException(
            $"ONNX's recurrent layers have no activation {activation}"),
    };

    static OnnxTensor One(NodeExport n, OnnxTensor x) =>
        n.Reshape(x, new Shape([1, .. x.Shape.Dims]));

    static OnnxTensor Joined(NodeExport n, OnnxTensor[] parts) => n.Add(
        "Concat", DType.Float32,
        parts[0].Shape.With(0, parts.Sum(p => p.Shape[0])), parts, Attribute.Of("axis", 0));
}
