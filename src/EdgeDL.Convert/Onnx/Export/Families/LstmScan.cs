using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>
/// An LSTM with what ONNX's own lacks, step by step in a Scan: clips, projection, layer norm,
/// coupled gates, and the roundings of the integer form.
/// </summary>
static class LstmScan
{
    const int Weights = 1, Recurrent = 5, Peephole = 9, Bias = 12, Projection = 16, Norm = 18;
    const int Input = 0, Forget = 1, Cell = 2, Output = 3;
    const double SumStep = 1.0 / 4096, GateStep = 1.0 / 32768;
    const double NormEpsilon = 1e-8;

    /// <summary>The states after the last step, and all hidden states [time, batch, outputs].
    /// </summary>
    public static OnnxTensor[] Run(NodeExport n, OnnxTensor x, int batch)
    {
        if (n.Node.Inputs[1..].Any(
            v => v >= 0 && n.Scope.Graph.Values[v].Constant is null))
        {
            throw new NoEquivalentException("an LSTM whose weights are computed");
        }

        var op = n.Op<Lstm>();
        int cells = n.In(Recurrent + Output).Shape[0];
        int outputs = n.In(Recurrent + Output).Shape[1];
        OnnxTensor h = n.Reshape(States.Real(n, op.Hidden), new Shape(batch, outputs));
        OnnxTensor c = n.Reshape(States.Real(n, op.Cell), new Shape(batch, cells));
        string name = n.Node.Name;
        var body = new OnnxBody();
        OnnxTensor[] ports =
        [
            new($"{name}/h", DType.Float32, h.Shape), new($"{name}/c", DType.Float32, c.Shape),
            new($"{name}/x", DType.Float32, new Shape(batch, x.Shape[2])),
        ];
        body.Inputs.AddRange(ports);
        var inner = new NodeExport(
            new GraphScope(n.Run, n.Scope.Graph, body, isMain: false), n.Node);
        (OnnxTensor nextH, OnnxTensor nextC) = Step(inner, op, ports[0], ports[1], ports[2]);
        ControlExports.Finish(n, body, [nextH, nextC, nextH]);
        OnnxTensor[] results =
        [
            new($"{name}/last_h", DType.Float32, h.Shape),
            new($"{name}/last_c", DType.Float32, c.Shape),
            new($"{name}/y", DType.Float32, new Shape(x.Shape[0], batch, outputs)),
        ];
        int direction = op.Settings.Reverse ? 1 : 0;
        n.Scope.Body.Nodes.Add(new OnnxNode(
            "Scan", name, [h, c, x], results,
            [
                Attribute.Of("num_scan_inputs", 1),
                Attribute.Of("scan_input_directions", [direction]),
                Attribute.Of("scan_output_directions", [direction]),
            ],
            [("body", body)]));
        return results;
    }

    static (OnnxTensor H, OnnxTensor C) Step(
        NodeExport n, Lstm op, OnnxTensor h, OnnxTensor c, OnnxTensor x)
    {
        bool integer = n.In(0).DType == DType.Int8;
        LstmSettings s = op.Settings;
        OnnxTensor f = Gated(n, "Sigmoid", Sum(n, Forget, x, h, c));
        OnnxTensor i = n.Has(Weights + Input)
            ? Gated(n, "Sigmoid", Sum(n, Input, x, h, c))
            : n.Binary("Sub", n.Number(DType.Float32, 1), f);
        OnnxTensor g = Gated(n, Function(s.Activation), Sum(n, Cell, x, h, c));
        OnnxTensor next = n.Binary("Add", n.Binary("Mul", f, c), n.Binary("Mul", i, g));
        if (integer)
        {
            float step = n.Run.Model.Variables[op.Cell].Quant!.Scale;
            next = Rounded(n, next, step, short.MinValue, short.MaxValue);
        }

        next = s.CellClip > 0 ? n.Clipped(next, -s.CellClip, s.CellClip) : next;
        OnnxTensor o = Gated(n, "Sigmoid", Sum(n, Output, x, h, next));
        OnnxTensor y = n.Binary("Mul", o, Gated(n, Function(s.Activation), next));
        if (n.Has(Projection))
        {
            y = integer ? Rounded8(n, y, op.Scales[4], op.HiddenZero) : y;
            y = Product(n, Projection, y, n.Has(Projection + 1)
                ? RecurrentExports.RealBias(n, Projection + 1, Projection, op.Scales[4]) : null);
            y = s.ProjectionClip > 0 ? n.Clipped(y, -s.ProjectionClip, s.ProjectionClip) : y;
        }

        if (integer)
        {
            Quantization state = n.Run.Model.Variables[op.Hidden].Quant!;
            y = Rounded8(n, y, state.Scale, state.ZeroPoint);
        }

        return (y, next);
    }

    static OnnxTensor Sum(NodeExport n, int gate, OnnxTensor x, OnnxTensor h, OnnxTensor c)
    {
        bool integer = n.In(0).DType == DType.Int8;
        bool norm = n.Has(Norm + gate);
        if (integer && norm)
        {
            throw new NoEquivalentException("an integer LSTM with layer norm");
        }

        OnnxTensor bias = RecurrentExports.RealBias(n, Bias + gate, Weights + gate);
        OnnxTensor a = Product(n, Weights + gate, x, norm ? null : bias);
        OnnxTensor b = Product(n, Recurrent + gate, h, bias: null);
        OnnxTensor sum = n.Binary("Add", Fixed(n, a, integer), Fixed(n, b, integer));
        int peep = gate switch { Input => Peephole, Forget => Peephole + 1, _ => Peephole + 2 };
        if (gate != Cell && n.Has(peep))
        {
            sum = n.Binary(
                "Add", sum, Fixed(n, n.Binary("Mul", c, n.Real(peep)), integer));
        }

        if (!norm)
        {
            return sum;
        }

        OnnxTensor mean = n.Reduce("ReduceMean", sum, [1], keepDims: true);
        OnnxTensor off = n.Binary("Sub", sum, mean);
        OnnxTensor variance = n.Reduce(
            "ReduceMean", n.Binary("Mul", off, off), [1], keepDims: true);
        OnnxTensor root = n.Unary(
            "Sqrt", n.Binary("Add", variance, n.Number(DType.Float32, NormEpsilon)));
        OnnxTensor scaled = n.Binary("Mul", n.Binary("Div", off, root), n.Real(Norm + gate));
        return n.Binary("Add", scaled, bias);
    }

    static OnnxTensor Product(NodeExport n, int weights, OnnxTensor x, OnnxTensor? bias)
    {
        OnnxTensor w = n.Real(weights);
        return n.Add(
            "Gemm", DType.Float32, new Shape(x.Shape[0], w.Shape[0]), [x, w, bias],
            Attribute.Of("transB", 1));
    }

    // Sums of the integer form have 12 bits behind the point, gates 15.
    static OnnxTensor Fixed(NodeExport n, OnnxTensor x, bool integer) =>
        integer ? Rounded(n, x, SumStep, short.MinValue, short.MaxValue) : x;

    static OnnxTensor Gated(NodeExport n, string function, OnnxTensor x)
    {
        OnnxTensor y = function.Length == 0 ? x : n.Unary(function, x);
        return n.In(0).DType == DType.Int8
            ? Rounded(n, y, GateStep, short.MinValue, short.MaxValue) : y;
    }

    static OnnxTensor Rounded8(NodeExport n, OnnxTensor x, double step, int zero) =>
        Rounded(n, x, step, sbyte.MinValue - zero, sbyte.MaxValue - zero);

    static OnnxTensor Rounded(NodeExport n, OnnxTensor x, double step, double lo, double hi)
    {
        OnnxTensor unit = n.Number(DType.Float32, step);
        OnnxTensor steps = n.Clipped(n.Unary("Round", n.Binary("Div", x, unit)), lo, hi);
        return n.Binary("Mul", steps, unit);
    }

    static string Function(CellActivation activation) => activation switch
    {
        CellActivation.None => "",
        CellActivation.Tanh => "Tanh",
        CellActivation.Relu => "Relu",
        CellActivation.Logistic => "Sigmoid",
        _ => throw new NoEquivalentException($"an LSTM with activation {activation}"),
    };
}
