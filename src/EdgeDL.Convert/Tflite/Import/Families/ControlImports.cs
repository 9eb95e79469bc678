using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>
/// Control flow and variables. A resource tensor stands for a variable and is gone after import;
/// every subgraph that names the same container and name means the same variable.
/// </summary>
static class ControlImports
{
    public static void Register(ImportTable t)
    {
        t.Add(BuiltinOperator.IF, If);
        t.Add(BuiltinOperator.WHILE, While);
        t.Add(BuiltinOperator.CALL_ONCE, CallOnce);
        t.Add(BuiltinOperator.VAR_HANDLE, Handle);
        t.Add(BuiltinOperator.READ_VARIABLE, Read);
        t.Add(BuiltinOperator.ASSIGN_VARIABLE, Assign);
        t.Add("CIRCULAR_BUFFER", CircularBuffer);
    }

    static void If(NodeImport n)
    {
        FlatTable o = n.Options(Options.If.Kind);
        Shape[] shapes = Shapes(n, first: 1);
        int then = n.Graph.Model.Graph(o.Int(Options.If.ThenSubgraphIndex), shapes);
        int otherwise = n.Graph.Model.Graph(o.Int(Options.If.ElseSubgraphIndex), shapes);
        n.Emit(new If(then, otherwise));
    }

    static void While(NodeImport n)
    {
        FlatTable o = n.Options(Options.While.Kind);
        Shape[] shapes = Shapes(n, first: 0);
        int condition = n.Graph.Model.Graph(o.Int(Options.While.CondSubgraphIndex), shapes);
        int body = n.Graph.Model.Graph(o.Int(Options.While.BodySubgraphIndex), shapes);
        n.Emit(new While(condition, body));
    }

    static void CallOnce(NodeImport n)
    {
        int index = n.Options(Options.CallOnce.Kind).Int(Options.CallOnce.InitSubgraphIndex);
        int graph = n.Graph.Model.Graph(index, []);
        // The key holds a character that no resource key starts with.
        string key = $"\0once {n.Graph.Model.Model.Graphs.Count}";
        int done = n.Graph.Model.AddVariable(
            key, new Variable($"{n.Name} done", DType.Bool, new Shape(1), null, null));
        n.Emit(new CallOnce(graph, done), []);
    }

    static void Handle(NodeImport n)
    {
        FlatTable o = n.Options(Options.VarHandle.Kind);
        string container = o.Text(Options.VarHandle.Container);
        string name = o.Text(Options.VarHandle.SharedName);
        if (n.OutputCount != 1)
        {
            throw n.Fail($"has {n.OutputCount} outputs, not 1");
        }

        n.Graph.Resources[n.Operator.Outputs[0]] = $"{container}/{name}";
    }

    static void Read(NodeImport n)
    {
        string key = Key(n);
        int variable = n.Graph.Model.FindVariable(key);
        if (variable < 0)
        {
            // Nothing has assigned it yet in the order of operators: it is what the file declares.
            TfliteTensor y = n.OutTensor(0);
            variable = n.Graph.Model.AddVariable(key, new Variable(
                key, n.OutType(0), SubgraphImport.ShapeOf(y.Name, y.Dims), n.OutQuant(0), null));
        }

        Variable from = n.Graph.Model.Model.Variables[variable];
        if (!Quantization.Same(from.Quant, n.OutQuant(0)))
        {
            throw n.Fail($"variable '{key}' is read with another quantization than it was "
                + "assigned");
        }

        n.Emit(new ReadVariable(variable), []);
    }

    static void Assign(NodeImport n)
    {
        string key = Key(n);
        Value x = n.In(1);
        int variable = n.Graph.Model.FindVariable(key);
        if (variable < 0)
        {
            variable = n.Graph.Model.AddVariable(
                key, new Variable(key, x.DType, x.Shape, x.Quant, null));
        }

        n.Emit(new AssignVariable(variable), n.Input(1));
    }

    static void CircularBuffer(NodeImport n)
    {
        Value x = n.In(0);
        TfliteTensor y = n.OutTensor(0);
        int variable = n.Graph.Model.AddVariable(
            $"\0buffer {n.Graph.Model.Model.Variables.Count}",
            new Variable(
                n.Name, x.DType, SubgraphImport.ShapeOf(y.Name, y.Dims), x.Quant, null));
        n.Emit(new CircularBuffer(variable), n.Input(0));
    }

    // The name of the variable behind input 0, a resource tensor.
    static string Key(NodeImport n)
    {
        int[] inputs = n.Operator.Inputs;
        return inputs.Length > 0 && n.Graph.Resources.TryGetValue(inputs[0], out string? key)
            ? key
            : throw n.Unsupported(
                "its variable does not come from a VAR_HANDLE in the same subgraph",
                "export the model so that resources are not passed between subgraphs");
    }

    static Shape[] Shapes(NodeImport n, int first)
    {
        var shapes = new Shape[Math.Max(0, n.InputCount - first)];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = n.ShapeOf(first + i);
        }

        return shapes;
    }
}
