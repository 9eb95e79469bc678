using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Execution;

/// <summary>
/// Proves a model: every index in range, every value written once and before it is read, every
/// op content with what it gets.
/// </summary>
static class Inference
{
    const long MostSteps = 1 << 20;

    /// <summary>Returns the notes of every node, by graph. Callees come first, since a caller's
    /// shapes follow from theirs.</summary>
    public static NodeNotes[][] Run(Model model)
    {
        foreach (Variable variable in model.Variables)
        {
            if (variable.Initial is { } initial && initial.Bytes < variable.Bytes)
            {
                InvalidModelException.Throw(
                    $"variable '{variable.Name}'",
                    $"needs {variable.Bytes} bytes at first, has {initial.Bytes}");
            }
        }

        var notes = new NodeNotes[model.Graphs.Count][];
        for (int g = model.Graphs.Count - 1; g >= 0; g--)
        {
            notes[g] = Run(model, g);
        }

        CheckSteps(model, notes);
        return notes;
    }

    // A called graph is prepared anew for every call: thirty graphs that each call the next one
    // twice would make a billion steps.
    static void CheckSteps(Model model, NodeNotes[][] notes)
    {
        long[] steps = new long[notes.Length];
        for (int g = notes.Length - 1; g >= 0; g--)
        {
            steps[g] = notes[g].Length;
            foreach (int callee in notes[g].SelectMany(n => n.Calls))
            {
                steps[g] += steps[callee];
                if (steps[g] > MostSteps)
                {
                    Fail(model.Graphs[g], $"its calls expand to more than {MostSteps} steps");
                }
            }
        }
    }

    static NodeNotes[] Run(Model model, int graphIndex)
    {
        Graph graph = model.Graphs[graphIndex];
        bool[] written = new bool[graph.Values.Count];
        for (int v = 0; v < written.Length; v++)
        {
            written[v] = graph.Values[v].Constant is not null;
            CheckConstant(graph, v);
        }

        foreach (int input in graph.Inputs)
        {
            CheckIndex(graph, input, "an input");
            if (written[input])
            {
                Fail(graph, $"input '{graph.Values[input].Name}' is a constant or stands twice");
            }

            written[input] = true;
        }

        var notes = new NodeNotes[graph.Nodes.Count];
        for (int n = 0; n < notes.Length; n++)
        {
            notes[n] = Run(model, graphIndex, n, written);
        }

        foreach (int output in graph.Outputs)
        {
            CheckIndex(graph, output, "an output");
            if (!written[output])
            {
                Fail(graph, $"output '{graph.Values[output].Name}' is never written");
            }
        }

        return notes;
    }

    internal static NodeNotes Run(Model model, int graphIndex, int nodeIndex, bool[]? written)
    {
        Graph graph = model.Graphs[graphIndex];
        Node node = graph.Nodes[nodeIndex];
        var context = new InferContext(model, graphIndex, nodeIndex);
        foreach (int input in node.Inputs)
        {
            if (input < -1 || input >= graph.Values.Count)
            {
                context.Fail($"reads value {input} of {graph.Values.Count}");
            }

            if (input >= 0 && written is not null && !written[input])
            {
                context.Fail($"reads '{graph.Values[input].Name}' before anything has written it");
            }
        }

        foreach (int output in node.Outputs)
        {
            if (output < 0 || output >= graph.Values.Count)
            {
                context.Fail($"writes value {output} of {graph.Values.Count}");
            }

            if (written is not null && written[output])
            {
                context.Fail($"writes '{graph.Values[output].Name}', which has a value already");
            }

            if (written is not null)
            {
                written[output] = true;
            }
        }

        node.Op.Infer(context);
        foreach (int output in node.Outputs)
        {
            if (graph.Values[output].DType == Tensors.DType.None)
            {
                context.Fail($"does not say what output '{graph.Values[output].Name}' is");
            }
        }

        return context.Notes;
    }

    static void CheckConstant(Graph graph, int index)
    {
        Value value = graph.Values[index];
        if (value.Constant is { } constant && constant.Bytes < value.Bytes)
        {
            Fail(graph, $"constant '{value.Name}' needs {value.Bytes} bytes, has {constant.Bytes}");
        }
    }

    static void CheckIndex(Graph graph, int index, string what)
    {
        if ((uint)index >= (uint)graph.Values.Count)
        {
            Fail(graph, $"{what} is value {index} of {graph.Values.Count}");
        }
    }

    static void Fail(Graph graph, string finding) =>
        InvalidModelException.Throw($"graph '{graph.Name}'", finding);
}
