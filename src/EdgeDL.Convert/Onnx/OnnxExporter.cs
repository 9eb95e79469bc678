using EdgeDL.Convert.Onnx.Export;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Tensors;
using Google.Protobuf;

namespace EdgeDL.Convert.Onnx;

/// <summary>
/// Turns a model into an ONNX file that other runtimes and viewers open. Integers that stand for
/// reals become DequantizeLinear → float op → QuantizeLinear; sums, products and means that round
/// as TensorFlow Lite does become their integer arithmetic. The model's inputs and outputs keep
/// their types. Variables become inputs with a default and outputs that hold what to feed next.
/// </summary>
public static class OnnxExporter
{
    /// <summary>The bytes of an .onnx file: operator set 17 unless an op needs a later one.
    /// </summary>
    /// <exception cref="InvalidModelException">ONNX can't say what some node does; the message
    /// lists all of them.</exception>
    public static byte[] Export(Model model) => Export(model, new OnnxExportOptions());

    /// <inheritdoc cref="Export(Model)"/>
    public static byte[] Export(Model model, OnnxExportOptions options)
    {
        Model written = options.UnsignedActivations ? UnsignedActivations.Of(model) : model;
        Graph main = written.Main;
        var ends = new Ends(main.Inputs, main.Outputs)
        {
            ChannelsFirst = [.. options.ChannelsFirstInputs.Select(i => main.Inputs[i])],
        };
        return Export(written, main.Nodes, ends, isExact: !options.ByReals, Describe).Bytes;
    }

    /// <summary>Some nodes of the main graph as a model of their own: what they read from outside
    /// becomes inputs, what others or the caller read of them becomes outputs. All integer ops are
    /// said by reals, as accelerators know them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="nodes">Indices of nodes of the main graph.</param>
    /// <inheritdoc cref="Export(Model)"/>
    public static OnnxSlice Export(Model model, IReadOnlyCollection<int> nodes)
    {
        Graph main = model.Main;
        Node[] inside = [.. nodes.Distinct().Order().Select(n => main.Nodes[n])];
        HashSet<int> made = [.. inside.SelectMany(n => n.Outputs)];
        HashSet<int> readOutside =
            [.. main.Nodes.Except(inside).SelectMany(n => n.Inputs), .. main.Outputs];
        int[] inputs =
        [
            .. inside.SelectMany(n => n.Inputs).Distinct().Where(
                v => v >= 0 && !made.Contains(v) && main.Values[v].Constant is null),
        ];
        int[] outputs = [.. made.Where(readOutside.Contains)];
        return Export(
            model, inside, new Ends(inputs, outputs), isExact: false, static (_, _) => { });
    }

    static OnnxSlice Export(
        Model model, IReadOnlyList<Node> nodes, Ends ends, bool isExact,
        Action<Model, ModelProto> describe)
    {
        int opset = ExportRun.LowestOpset;
        while (true)
        {
            var run = new ExportRun(model, opset) { IsExact = isExact };
            OnnxBody body = Body(run, nodes, ends);
            if (run.Problems.Count > 0)
            {
                throw Refusal(run);
            }

            if (run.NeededOpset > opset)
            {
                // Some operators are written otherwise in a later set.
                opset = run.NeededOpset;
                continue;
            }

            TransposeSinking.Run(body);
            var writer = new ProtoWriter(model.Main.Name, opset);
            ModelProto proto = writer.Write(body);
            describe(model, proto);
            foreach ((OnnxTensor input, OnnxTensor last) in run.Variables.Values)
            {
                proto.MetadataProps.Add(new StringStringEntryProto
                {
                    Key = $"edgedl.state.{writer.NameOf(input)}", Value = writer.NameOf(last),
                });
            }

            return new OnnxSlice(
                proto.ToByteArray(), [.. ends.Inputs], [.. ends.Outputs],
                [.. body.Inputs.Take(ends.Inputs.Count).Select(writer.NameOf)],
                [.. body.Outputs.Take(ends.Outputs.Count).Select(writer.NameOf)]);
        }
    }

    static OnnxBody Body(
        ExportRun run, IReadOnlyList<Node> nodes, Ends ends)
    {
        Graph main = run.Model.Main;
        var body = new OnnxBody();
        var scope = new GraphScope(run, main, body, isMain: true)
        {
            Unsigned = UnsignedBytes.Of(main, nodes, ends.Inputs, ends.Outputs),
        };
        foreach (int input in ends.Inputs)
        {
            Value v = main.Values[input];
            bool first = ends.ChannelsFirst.Contains(input);
            Shape shape = first
                ? Layouts.Permute(v.Shape, Layouts.ToFirst(v.Shape.Rank)) : v.Shape;
            var tensor = new OnnxTensor(v.Name, v.DType, shape);
            body.Inputs.Add(tensor);
            scope.Set(input, real: false, first, tensor);
            scope.Restore(input, first);
        }

        GraphExport.Nodes(scope, nodes);
        if (run.Problems.Count > 0)
        {
            return body;
        }

        foreach (int output in ends.Outputs)
        {
            OnnxTensor y = scope.Get(output, real: false, first: false);
            body.Outputs.Add(Own(scope, main.Values[output], y));
        }

        foreach ((int id, (OnnxTensor input, OnnxTensor last)) in run.Variables.ToArray())
        {
            Value next = new() { Name = input.Hint + "_next" };
            OnnxTensor own = Own(scope, next, last);
            run.Variables[id] = (input, own);
            body.Inputs.Add(input);
            body.Outputs.Add(own);
        }

        return body;
    }

    // An output goes by its own name: it can't be an input, a constant or another output.
    static OnnxTensor Own(GraphScope scope, Value v, OnnxTensor y)
    {
        if (scope.Body.Inputs.Contains(y) || y.Data is not null || scope.Body.Outputs.Contains(y)
            || scope.Run.Variables.Values.Any(s => s.Input == y))
        {
            y = scope.Node("Identity", v.Name, y.DType, y.Shape, [y], []);
        }

        y.Hint = v.Name;
        y.IsNamed = true;
        return y;
    }

    static InvalidModelException Refusal(ExportRun run)
    {
        string[] problems = [.. run.Problems.Distinct()];
        return new InvalidModelException(
            "ONNX export",
            $"{problems.Length} of {run.Model.Main.Nodes.Count} nodes can't be said in ONNX: "
                + string.Join("; ", problems),
            "leave these parts out of the model, or keep it as .edl");
    }

    static void Describe(Model model, ModelProto proto)
    {
        void Say(string key, string value) => proto.MetadataProps.Add(
            new StringStringEntryProto { Key = key, Value = value });

        foreach ((string key, string value) in model.Metadata.OrderBy(
            e => e.Key, StringComparer.Ordinal))
        {
            Say(key, value);
        }

        if (model.Labels.Count > 0)
        {
            Say("labels", string.Join('\n', model.Labels));
        }

        foreach (Preprocessing made in model.Preprocessing)
        {
            Say($"preprocessing.{made.Input}", made.ToString());
        }

        foreach (int v in model.Main.Inputs.Concat(model.Main.Outputs).Distinct())
        {
            Value value = model.Main.Values[v];
            if (value.Quant is not null && value.DType.IsInteger())
            {
                Say($"quantization.{value.Name}", value.Quant.ToString());
            }
        }
    }

    // Where what is exported begins and ends.
    sealed record Ends(IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs)
    {
        public int[] ChannelsFirst { get; init; } = [];
    }
}
