using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export.Families;

/// <summary>Control flow and variables.</summary>
static class ControlExports
{
    public static void Register(Dictionary<OpCode, ExportNode> table)
    {
        table[OpCode.If] = If;
        table[OpCode.While] = While;
        table[OpCode.ReadVariable] = n =>
            n.GiveRaw(0, n.Reshape(
                States.Read(n, n.Op<ReadVariable>().Variable), n.Out(0).Shape));
        table[OpCode.AssignVariable] = n =>
            States.AssignRaw(n, n.Op<AssignVariable>().Variable, n.Raw(0));
        table[OpCode.CircularBuffer] = Buffer;
    }

    static void If(NodeExport n)
    {
        var op = n.Op<If>();
        OnnxTensor[] inputs =
            [.. Enumerable.Range(1, n.InputCount - 1).Select(n.Raw)];
        OnnxTensor condition = n.Reshape(n.Raw(0), Shape.Scalar);
        (string, OnnxBody)[] bodies =
        [
            ("then_branch", Branch(n, op.ThenGraph, inputs)),
            ("else_branch", Branch(n, op.ElseGraph, inputs)),
        ];
        OnnxTensor[] outputs = Outputs(n);
        n.Scope.Body.Nodes.Add(new OnnxNode(
            "If", n.Node.Name, [condition], outputs, [], bodies));
        GiveAll(n, outputs);
    }

    static OnnxBody Branch(NodeExport n, int graph, OnnxTensor[] inputs)
    {
        var body = new OnnxBody();
        OnnxTensor[] outputs = GraphExport.Inline(
            n.Run, n.Run.Model.Graphs[graph], body, inputs);
        Finish(n, body, outputs);
        return body;
    }

    static void While(NodeExport n)
    {
        var op = n.Op<While>();
        Graph conditionGraph = n.Run.Model.Graphs[op.ConditionGraph];
        Graph bodyGraph = n.Run.Model.Graphs[op.BodyGraph];
        OnnxTensor[] first = [.. Enumerable.Range(0, n.InputCount).Select(n.Raw)];
        OnnxTensor start = n.Reshape(
            GraphExport.Inline(n.Run, conditionGraph, n.Scope.Body, first)[0], Shape.Scalar);
        var body = new OnnxBody();
        var turn = new OnnxTensor($"{n.Node.Name}/turn", DType.Int64, Shape.Scalar);
        var goOn = new OnnxTensor($"{n.Node.Name}/condition", DType.Bool, Shape.Scalar);
        OnnxTensor[] state =
        [
            .. first.Select((x, i) => new OnnxTensor($"{n.Node.Name}/{i}", x.DType, x.Shape)),
        ];
        body.Inputs.AddRange([turn, goOn, .. state]);
        OnnxTensor[] next = GraphExport.Inline(n.Run, bodyGraph, body, state);
        OnnxTensor again = GraphExport.Inline(n.Run, conditionGraph, body, next)[0];
        Finish(n, body, [Scalar(again, body), .. next]);
        OnnxTensor[] outputs = Outputs(n);
        n.Scope.Body.Nodes.Add(new OnnxNode(
            "Loop", n.Node.Name, [null, start, .. first], outputs, [], [("body", body)]));
        GiveAll(n, outputs);
    }

    static OnnxTensor Scalar(OnnxTensor condition, OnnxBody body)
    {
        if (condition.Shape.Rank == 0)
        {
            return condition;
        }

        OnnxTensor none = Constants.Of<long>("scalar", new Shape(0), []);
        body.Constants.Add(none);
        var y = new OnnxTensor(condition.Hint, DType.Bool, Shape.Scalar);
        body.Nodes.Add(new OnnxNode("Reshape", y.Hint, [condition, none], [y], [], []));
        return y;
    }

    /// <summary>Names a body's outputs; they are made in it, so what it only passes on, or gives
    /// twice, is copied.</summary>
    public static void Finish(NodeExport n, OnnxBody body, OnnxTensor[] outputs)
    {
        foreach (OnnxTensor output in outputs)
        {
            bool made = body.Nodes.Any(node => node.Outputs.Contains(output))
                && !body.Outputs.Contains(output);
            if (made)
            {
                body.Outputs.Add(output);
                continue;
            }

            var copy = new OnnxTensor(output.Hint, output.DType, output.Shape);
            body.Nodes.Add(new OnnxNode(
                "Identity", $"{n.Node.Name}/Identity", [output], [copy], [], []));
            body.Outputs.Add(copy);
        }
    }

    static OnnxTensor[] Outputs(NodeExport n) =>
    [
        .. Enumerable.Range(0, n.OutputCount).Select(
            o => new OnnxTensor(n.Out(o).Name, n.Out(o).DType, n.Out(o).Shape)),
    ];

    static void GiveAll(NodeExport n, OnnxTensor[] outputs)
    {
        for (int o = 0; o < outputs.Length; o++)
        {
            n.GiveRaw(o, outputs[o]);
        }
    }

    // The oldest elements go, x comes in behind the rest.
    static void Buffer(NodeExport n)
    {
        int id = n.Op<CircularBuffer>().Variable;
        OnnxTensor old = States.Read(n, id);
        int total = old.Shape.Elements;
        int slot = n.In(0).Shape.Elements;
        OnnxTensor flat = n.Reshape(old, new Shape(total));
        OnnxTensor kept = n.Slice(
            flat, new Shape(total - slot), [slot], [total], [0], [1]);
        OnnxTensor joined = n.Add(
            "Concat", old.DType, new Shape(total),
            [kept, n.Reshape(n.Raw(0), new Shape(slot))], Attribute.Of("axis", 0));
        States.AssignRaw(n, id, joined);
        n.GiveRaw(0, n.Reshape(joined, n.Out(0).Shape));
    }
}
