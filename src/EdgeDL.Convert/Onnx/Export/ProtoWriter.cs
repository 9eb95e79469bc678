using EdgeDL.Convert.Onnx.Schema;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>Chooses unique names and writes the messages of an ONNX file.</summary>
sealed class ProtoWriter(string name, int opset)
{
    readonly Dictionary<OnnxTensor, string> names = [];
    readonly HashSet<string> taken = [];
    readonly HashSet<string> nodeNames = [];
    readonly SortedSet<string> domains = new(StringComparer.Ordinal);

    public string NameOf(OnnxTensor tensor) => names[tensor];

    public ModelProto Write(OnnxBody main)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion(opset),
            ProducerName = "EdgeDL",
            ProducerVersion = typeof(ProtoWriter).Assembly.GetName().Version?.ToString(3) ?? "",
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });

        // The ends first: callers know them by name.
        foreach (OnnxTensor end in main.Inputs.Concat(main.Outputs))
        {
            Name(end);
        }

        model.Graph = Graph(main, name.Length == 0 ? "main" : name);
        model.OpsetImport.AddRange(domains.Where(d => d.Length > 0).Select(
            d => new OperatorSetIdProto { Domain = d, Version = 1 }));
        return model;
    }

    // The lowest that the operator set was published with.
    static int IrVersion(int opset) => opset switch
    {
        < 19 => 8,
        < 21 => 9,
        < 23 => 10,
        _ => 11,
    };

    GraphProto Graph(OnnxBody body, string graphName)
    {
        var graph = new GraphProto { Name = graphName };
        List<OnnxNode> nodes = Needed(body);
        HashSet<OnnxTensor> read = [.. nodes.SelectMany(Reads), .. body.Outputs];
        foreach (OnnxTensor tensor in body.Inputs)
        {
            graph.Input.Add(Info(tensor));
        }

        foreach ((OnnxTensor input, TensorProto data) in body.Defaults)
        {
            data.Name = Name(input);
            graph.Initializer.Add(data);
        }

        foreach (OnnxTensor constant in body.Constants.Where(read.Contains))
        {
            TensorProto data = constant.Data!;
            data.Name = Name(constant);
            graph.Initializer.Add(data);
        }

        foreach (OnnxNode node in nodes)
        {
            foreach (OnnxTensor output in node.Outputs)
            {
                Name(output);
            }
        }

        foreach (OnnxNode node in nodes)
        {
            graph.Node.Add(Node(node));
            foreach (OnnxTensor output in node.Outputs)
            {
                if (!body.Outputs.Contains(output) && output.HasShape)
                {
                    graph.ValueInfo.Add(Info(output));
                }
            }
        }

        foreach (OnnxTensor tensor in body.Outputs)
        {
            graph.Output.Add(Info(tensor));
        }

        return graph;
    }

    NodeProto Node(OnnxNode node)
    {
        var proto = new NodeProto
        {
            OpType = node.Type, Name = Unique(nodeNames, node.Name), Domain = node.Domain,
        };
        domains.Add(node.Domain);
        proto.Input.AddRange(node.Inputs.Select(i => i is null ? "" : Name(i)));
        while (proto.Input.Count > 0 && proto.Input[^1].Length == 0)
        {
            proto.Input.RemoveAt(proto.Input.Count - 1);
        }

        proto.Output.AddRange(node.Outputs.Select(Name));
        proto.Attribute.AddRange(node.Attributes);
        foreach ((string attribute, OnnxBody body) in node.Bodies)
        {
            proto.Attribute.Add(new AttributeProto
            {
                Name = attribute,
                Type = AttributeProto.Types.AttributeType.Graph,
                G = Graph(body, $"{proto.Name}/{attribute}"),
            });
        }

        return proto;
    }

    // Forms and constants that nobody reads are left out.
    static List<OnnxNode> Needed(OnnxBody body)
    {
        HashSet<OnnxTensor> read = [.. body.Outputs];
        var needed = new List<OnnxNode>();
        for (int n = body.Nodes.Count - 1; n >= 0; n--)
        {
            OnnxNode node = body.Nodes[n];
            if (node.Outputs.Any(read.Contains))
            {
                needed.Add(node);
                read.UnionWith(Reads(node));
            }
        }

        needed.Reverse();
        return needed;
    }

    static IEnumerable<OnnxTensor> Reads(OnnxNode node) =>
        node.Inputs.OfType<OnnxTensor>().Concat(node.Bodies.SelectMany(
            b => b.Body.Outputs.Concat(b.Body.Nodes.SelectMany(Reads))));

    static ValueInfoProto InfoOf(string name, OnnxTensor tensor)
    {
        var type = new TypeProto.Types.Tensor
        {
            ElemType = (int)ElementTypes.Of(tensor.DType),
        };
        if (tensor.HasShape)
        {
            type.Shape = new TensorShapeProto();
            foreach (int d in tensor.Shape.Dims)
            {
                type.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = d });
            }
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = type } };
    }

    ValueInfoProto Info(OnnxTensor tensor) => InfoOf(Name(tensor), tensor);

    string Name(OnnxTensor tensor)
    {
        if (!names.TryGetValue(tensor, out string? given))
        {
            given = Unique(taken, tensor.Hint);
            names[tensor] = given;
        }

        return given;
    }

    static string Unique(HashSet<string> taken, string wanted)
    {
        string stem = wanted.Length == 0 ? "tensor" : wanted;
        string free = stem;
        for (int n = 1; !taken.Add(free); n++)
        {
            free = $"{stem}_{n}";
        }

        return free;
    }
}
