using EdgeDL.Convert.Onnx.Schema;
using Google.Protobuf;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Onnx;

/// <summary>
/// Says a quantized .onnx file so that ONNX Runtime, whose optimizer makes integer operators of
/// quantized ones, computes what the standard's operators say: an oracle for integers.
/// </summary>
/// <remarks>
/// Integer sums of products are exact, so those fusions are wanted: in fp32 the same sums depend
/// on their order, and a deep net makes much of one value that is rounded the other way. Sums of
/// two reals are not: ONNX Runtime's QLinearAdd folds the zero points into an fp32 constant of a
/// few hundred steps, whose rounding reaches the result.
/// </remarks>
public static class StandardArithmetic
{
    // Round appeared with it, and Clip took its bounds as inputs.
    const int LeastOpset = 11;

    /// <summary>The file with the same inputs, outputs and meaning.</summary>
    /// <param name="onnx">An .onnx file.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model.</exception>
    public static byte[] Of(ReadOnlyMemory<byte> onnx)
    {
        OnnxFile file = OnnxFile.Parse(onnx, folder: null);
        OwnParameters(file.Graph);
        if (file.Opsets[""] >= LeastOpset)
        {
            SpellQuantizations(file.Graph);
        }

        return file.Model.ToByteArray();
    }

    /// <summary>
    /// The file with scales and zero points of its own for each quantization: where two share
    /// theirs, ONNX Runtime's optimizer fails as soon as sums are to be exact.
    /// </summary>
    /// <param name="onnx">An .onnx file.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model.</exception>
    public static byte[] WithOwnParameters(ReadOnlyMemory<byte> onnx)
    {
        OnnxFile file = OnnxFile.Parse(onnx, folder: null);
        OwnParameters(file.Graph);
        return file.Model.ToByteArray();
    }

    static void OwnParameters(GraphProto graph)
    {
        Dictionary<string, TensorProto> constants = Constants(graph);
        HashSet<string> taken = [];
        foreach (NodeProto node in graph.Node)
        {
            if (node.OpType is not ("QuantizeLinear" or "DequantizeLinear"))
            {
                continue;
            }

            for (int i = 0; i < node.Input.Count; i++)
            {
                if (!constants.TryGetValue(node.Input[i], out TensorProto? constant)
                    || (node.Input[i] == constant.Name && taken.Add(constant.Name)))
                {
                    continue;
                }

                TensorProto copy = constant.Clone();
                copy.Name = $"{constant.Name}/own {taken.Count}";
                taken.Add(copy.Name);
                graph.Initializer.Add(copy);
                node.Input[i] = copy.Name;
            }
        }
    }

    // Constants by their names, and by those that Identity gives them.
    static Dictionary<string, TensorProto> Constants(GraphProto graph)
    {
        Dictionary<string, TensorProto> constants = [];
        foreach (TensorProto tensor in graph.Initializer)
        {
            constants[tensor.Name] = tensor;
        }

        foreach (NodeProto node in graph.Node)
        {
            if (node.OpType == "Identity"
                && constants.TryGetValue(node.Input[0], out TensorProto? tensor))
            {
                constants[node.Output[0]] = tensor;
            }
        }

        return constants;
    }

    // Behind arithmetic of two reals, QuantizeLinear as the standard defines it; no fusion knows
    // it.
    static void SpellQuantizations(GraphProto graph)
    {
        Dictionary<string, TensorProto> constants = Constants(graph);
        Dictionary<string, string> makers = [];
        for (int i = 0; i < graph.Node.Count; i++)
        {
            NodeProto node = graph.Node[i];
            if (node.OpType == "QuantizeLinear"
                && makers.GetValueOrDefault(node.Input[0]) is "Add" or "Sub" or "Mul" or "Div"
                && Spelling(node, constants, graph) is { } spelling)
            {
                graph.Node.RemoveAt(i);
                foreach (NodeProto step in spelling)
                {
                    graph.Node.Insert(i++, step);
                }

                i--;
            }

            // A clamp between does not keep the optimizer from fusing.
            string maker = node.OpType is "Relu" or "Clip"
                ? makers.GetValueOrDefault(node.Input[0], node.OpType)
                : node.OpType;
            foreach (string output in node.Output)
            {
                makers[output] = maker;
            }
        }
    }

    // clamp(round(x / scale) + zero); null unless scale and zero point are one constant each.
    static NodeProto[]? Spelling(
        NodeProto node, Dictionary<string, TensorProto> constants, GraphProto graph)
    {
        if (node.Input.Count != 3 || !constants.TryGetValue(node.Input[1], out TensorProto? scale)
            || !constants.TryGetValue(node.Input[2], out TensorProto? zero)
            || scale.Dims.Aggregate(1L, (a, d) => a * d) != 1
            || (DataType)zero.DataType is not (DataType.Int8 or DataType.Uint8))
        {
            return null;
        }

        string y = node.Output[0];
        bool signed = (DataType)zero.DataType == DataType.Int8;
        string low = Scalar(graph, $"{y}/least", signed ? -128 : 0);
        string high = Scalar(graph, $"{y}/most", signed ? 127 : 255);
        NodeProto real = Step("Cast", $"{y}/zero", node.Input[2]);
        real.Attribute.Add(To(DataType.Float));
        NodeProto bytes = Step("Cast", y, $"{y}/clamped");
        bytes.Attribute.Add(To((DataType)zero.DataType));
        return
        [
            real,
            Step("Div", $"{y}/steps", node.Input[0], node.Input[1]),
            Step("Round", $"{y}/rounded", $"{y}/steps"),
            Step("Add", $"{y}/moved", $"{y}/rounded", real.Output[0]),
            Step("Clip", $"{y}/clamped", $"{y}/moved", low, high),
            bytes,
        ];
    }

    static NodeProto Step(string op, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = op, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }

    static AttributeProto To(DataType type) => new()
    {
        Name = "to", Type = AttributeProto.Types.AttributeType.Int, I = (long)type,
    };

    static string Scalar(GraphProto graph, string name, float value)
    {
        graph.Initializer.Add(
            new TensorProto { Name = name, DataType = (int)DataType.Float, FloatData = { value } });
        return name;
    }
}
