using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>
/// What one input of a called graph is: a tensor of this shape, or the variable of this key.
/// </summary>
readonly record struct CallInput(Shape Shape, string? Resource);

/// <summary>The import of one file: its graphs so far, and the variables they share.</summary>
sealed class ModelImport(TfliteModel source, ImportOptions options)
{
    const int MaxGraphs = 1024;
    const int MaxDepth = 32;

    readonly Dictionary<string, int> variables = [];
    readonly Stack<int> open = [];

    public TfliteModel Source => source;

    public Model Model { get; } = new();

    public ConstantBudget Budget { get; } = new(source.File.Length);

    public Action<string>? Log => options.Log;

    /// <summary>CIRCULAR_BUFFERs so far, since the last that ended a chain, which do not say how
    /// often they let a run pass.</summary>
    public int RingsWithoutCycles { get; set; }

    public void Run()
    {
        TfliteSubgraph main = source.Subgraphs[0];
        var inputs = new CallInput[main.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            TfliteTensor input = main.Tensors[main.Inputs[i]];
            int[] dims = options.InputShapes.GetValueOrDefault(input.Name) ?? input.Dims;
            Shape shape = SubgraphImport.ShapeOf(
                input.Name, [.. dims.Select(d => d == -1 ? 1 : d)]);
            inputs[i] = new CallInput(shape, Resource: null);
        }

        Graph(0, inputs);
    }

    /// <summary>
    /// Imports a subgraph for one call site, whose input shapes it takes; returns its index in
    /// our model. Our graphs call only later ones, so every call site gets its own.
    /// </summary>
    public int Graph(int subgraph, ReadOnlySpan<CallInput> inputs) =>
        Graph(subgraph, inputs, isInit: false);

    /// <summary>
    /// Imports a graph that gives variables their first values. Constant ones need no code;
    /// returns −1 if nothing else is left to run.
    /// </summary>
    public int InitGraph(int subgraph)
    {
        int before = Model.Graphs.Count;
        int graph = Graph(subgraph, [], isInit: true);
        if (Model.Graphs[graph].Nodes.Count > 0 || Model.Graphs.Count > before + 1)
        {
            return graph;
        }

        Model.Graphs.RemoveAt(graph);
        return -1;
    }

    int Graph(int subgraph, ReadOnlySpan<CallInput> inputs, bool isInit)
    {
        if (subgraph < 0 || subgraph >= source.Subgraphs.Length)
        {
            throw Reject.Model("TFLite model",
                $"subgraph {subgraph} is called, the model has {source.Subgraphs.Length}");
        }

        if (open.Contains(subgraph) || open.Count == MaxDepth || Model.Graphs.Count == MaxGraphs)
        {
            throw Reject.Unsupported(
                $"subgraph '{source.Subgraphs[subgraph].Name}'",
                open.Contains(subgraph) ? "it calls itself" : "it is called too deep or too often",
                "export the model with loops instead of recursion");
        }

        open.Push(subgraph);
        var builder = new GraphBuilder(Model, source.Subgraphs[subgraph].Name is { Length: > 0 } n
            ? n : subgraph == 0 ? "main" : $"graph {subgraph}");
        new SubgraphImport(this, source.Subgraphs[subgraph], builder, isInit).Run(inputs);
        open.Pop();
        return builder.GraphIndex;
    }

    /// <summary>The variable of this key, or −1 when nothing has made it yet.</summary>
    public int FindVariable(string key) => variables.GetValueOrDefault(key, -1);

    /// <summary>Makes the variable of this key.</summary>
    public int AddVariable(string key, Variable variable)
    {
        Model.Variables.Add(variable);
        return variables[key] = Model.Variables.Count - 1;
    }
}
