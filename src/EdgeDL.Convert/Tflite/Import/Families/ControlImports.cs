using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>
/// Control flow and variables. Resource tensors hold no data: they are names of variables, and
/// are followed through the graphs while importing.
/// </summary>
static class ControlImports
{
    public static void Register(ImportTable t)
    {
        t.Add(BuiltinOperator.IF, If);
        t.Add(BuiltinOperator.WHILE, While);
        t.Add(BuiltinOperator.CALL_ONCE, CallOnce);
        t.Add(BuiltinOperator.VAR_HANDLE, VarHandle);
        t.Add(BuiltinOperator.READ_VARIABLE, ReadVariable);
        t.Add(BuiltinOperator.ASSIGN_VARIABLE, AssignVariable);
        t.Add("CIRCULAR_BUFFER", CircularBuffer);
    }

    static void If(NodeImport n)
    {
        FlatTable o = n.Options(Options.If.Kind);
        CallInput[] inputs = Arguments(n, first: 1);
        int then = n.Graph.Model.Graph(o.Int(Options.If.ThenSubgraphIndex), inputs);
        int otherwise = n.Graph.Model.Graph(o.Int(Options.If.ElseSubgraphIndex), inputs);
        n.Emit(new If(then, otherwise), [n.Input(0), .. Values(n, first: 1)]);
    }

    static void While(NodeImport n)
    {
        FlatTable o = n.Options(Options.While.Kind);
        CallInput[] inputs = Arguments(n, first: 0);
        int condition = n.Graph.Model.Graph(o.Int(Options.While.CondSubgraphIndex), inputs);
        int body = n.Graph.Model.Graph(o.Int(Options.While.BodySubgraphIndex), inputs);

        // What goes in as a resource comes out as the same one.
        var outputs = new List<int>();
        for (int i = 0; i < n.OutputCount; i++)
        {
            if (i < inputs.Length && inputs[i].Resource is { } key)
            {
                n.Graph.Resources[n.Operator.Outputs[i]] = key;
            }
            else
            {
                outputs.Add(i);
            }
        }

        n.EmitSome(new While(condition, body), [.. outputs], Values(n, first: 0));
    }

    static void CallOnce(NodeImport n)
    {
        FlatTable o = n.Options(Options.CallOnce.Kind);
        int graph = n.Graph.Model.InitGraph(o.Int(Options.CallOnce.InitSubgraphIndex));
        if (graph >= 0)
        {
            // Keys of our own begin with a character that no resource's does.
            int done = n.Graph.Model.AddVariable($"\0done {graph}", new Variable(
                $"{n.Name}/done", DType.Bool, new Shape(1), quant: null, initial: null));
            n.Emit(new CallOnce(graph, done), []);
        }
    }

    static void VarHandle(NodeImport n)
    {
        FlatTable o = n.Options(Options.VarHandle.Kind);
        n.OutTensor(0);
        n.Graph.Resources[n.Operator.Outputs[0]] =
            $"{o.Text(Options.VarHandle.Container)}/{o.Text(Options.VarHandle.SharedName)}";
    }

    static void ReadVariable(NodeImport n)
    {
        string key = Key(n);
        int id = n.Graph.Model.FindVariable(key);
        if (id < 0)
        {
            // Nothing has assigned it so far: it starts at zero, as the file's shape says.
            TfliteTensor y = n.OutTensor(0);
            Shape shape = SubgraphImport.ShapeOf(y.Name, y.Dims);
            id = n.Graph.Model.AddVariable(
                key, new Variable(key, n.OutType(0), shape, n.OutQuant(0), initial: null));
        }

        if (!Quantization.Same(n.Graph.Model.Model.Variables[id].Quant, n.OutQuant(0)))
        {
            throw n.Fail($"variable '{key}' is read with another quantization than it has");
        }

        n.Emit(new ReadVariable(id), []);
    }

    static void AssignVariable(NodeImport n)
    {
        string key = Key(n);
        Value x = n.In(1);
        int id = n.Graph.Model.FindVariable(key);
        if (id < 0)
        {
            bool isInitial = n.Graph.IsInit && x.Constant is not null;
            id = n.Graph.Model.AddVariable(key, new Variable(
                key, x.DType, x.Shape, x.Quant, isInitial ? x.Constant : null));
            if (isInitial)
            {
                return;
            }
        }

        n.Emit(new AssignVariable(id), n.Input(1));
    }

    // TensorFlow Lite Micro's ring of the last rows, for streaming models: where it lets the rest
    // of the graph run only every so many times, the run ends behind it at all others.
    static void CircularBuffer(NodeImport n)
    {
        if (n.OutputCount > 1)
        {
            throw n.Unsupported("it has a second output that says whether the first is due",
                "export the model with one output of the ring");
        }

        TfliteTensor y = n.OutTensor(0);
        Shape shape = SubgraphImport.ShapeOf(y.Name, y.Dims);
        int id = n.Graph.Model.AddVariable($"\0ring {n.Graph.Model.Model.Variables.Count}",
            new Variable(n.Name, n.OutType(0), shape, n.OutQuant(0), initial: null));
        n.Emit(new CircularBuffer(id), n.Input(0));
        int cycles = n.CustomOptions().Int("cycles_max", 0);
        cycles = cycles > 0 ? cycles : CyclesUnsaid(n.Graph.Model, shape);
        if (cycles > 1)
        {
            int counter = n.Graph.Model.AddVariable($"\0gate {id}", new Variable(
                $"{n.Name}/runs", DType.Int32, new Shape(1), quant: null, initial: null));
            n.EmitSome(new RunEvery(counter, cycles), []);
        }
    }

    // What TensorFlow Lite Micro assumes of the two models that were made before the option was
    // (tensorflow/lite/micro/kernels/circular_buffer_common.cc): 2, but 1 for the last ring.
    static int CyclesUnsaid(ModelImport model, Shape ring)
    {
        model.RingsWithoutCycles++;
        bool last = ring.Rank > 1 && ring[1] is 5 or 13 or 25;
        bool fifth = model.RingsWithoutCycles == 5
            && ring.Rank > 3 && ring[2] == 2 && ring[3] == 96;
        if (last || fifth)
        {
            model.RingsWithoutCycles = 0;
            return 1;
        }

        return 2;
    }

    static string Key(NodeImport n) =>
        n.Has(0) && n.Graph.Resources.TryGetValue(n.Operator.Inputs[0], out string? key)
            ? key
            : throw n.Fail("its first input is not a variable that VAR_HANDLE has named");

    static CallInput[] Arguments(NodeImport n, int first) =>
        [.. Enumerable.Range(first, Math.Max(0, n.InputCount - first)).Select(i =>
            n.Has(i) && n.Graph.Resources.TryGetValue(n.Operator.Inputs[i], out string? key)
                ? new CallInput(Shape.Scalar, key)
                : new CallInput(n.ShapeOf(i), Resource: null))];

    static int[] Values(NodeImport n, int first) =>
        [.. Enumerable.Range(first, Math.Max(0, n.InputCount - first))
            .Where(i => !n.Has(i) || !n.Graph.Resources.ContainsKey(n.Operator.Inputs[i]))
            .Select(n.Input)];
}
