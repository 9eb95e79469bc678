using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What ops that call graphs and touch variables share.</summary>
static unsafe class ControlOps
{
    /// <summary>
    /// Throws unless the node's inputs from <paramref name="first"/> on fit the graph's.
    /// </summary>
    public static void CheckInputs(InferContext c, Graph graph, int first)
    {
        if (graph.Inputs.Count != c.InputCount - first)
        {
            c.Fail($"calls '{graph.Name}' with {c.InputCount - first} inputs, it takes "
                + $"{graph.Inputs.Count}");
        }

        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            InferInput x = c.Input(first + i);
            Value takes = graph.Values[graph.Inputs[i]];
            if (x.DType != takes.DType || x.Shape != takes.Shape)
            {
                c.Fail($"calls '{graph.Name}' with input {i} of {x.DType} {x.Shape}, it takes "
                    + $"{takes.DType} {takes.Shape}");
            }
        }
    }

    /// <summary>Says that the outputs are the graph's.</summary>
    public static void SetOutputs(InferContext c, Graph graph)
    {
        if (graph.Outputs.Count != c.OutputCount)
        {
            c.Fail($"has {c.OutputCount} outputs, '{graph.Name}' gives {graph.Outputs.Count}");
        }

        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            Value gives = graph.Values[graph.Outputs[i]];
            c.SetOutput(i, gives.DType, gives.Shape);
        }
    }

    /// <summary>Throws unless a tensor has the type and shape of the variable.</summary>
    public static void CheckVariable(InferContext c, Variable variable, DType type, Shape shape)
    {
        if (variable.DType != type || variable.Shape != shape)
        {
            c.Fail($"variable '{variable.Name}' is {variable.DType} {variable.Shape}, not "
                + $"{type} {shape}");
        }
    }

    /// <summary>The node's inputs from <paramref name="first"/> on.</summary>
    public static TensorView[] Inputs(PrepareContext c, int first)
    {
        var views = new TensorView[c.InputCount - first];
        for (int i = 0; i < views.Length; i++)
        {
            views[i] = c.Input(first + i);
        }

        return views;
    }

    public static TensorView[] Outputs(PrepareContext c)
    {
        var views = new TensorView[c.OutputCount];
        for (int i = 0; i < views.Length; i++)
        {
            views[i] = c.Output(i);
        }

        return views;
    }

    /// <summary>Copies tensors of the same sizes, one by one.</summary>
    public static void Copy(ReadOnlySpan<TensorView> from, ReadOnlySpan<TensorView> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            Copy(from[i], to[i]);
        }
    }

    public static void Copy(TensorView from, TensorView to)
    {
        if (from.Data != to.Data)
        {
            Buffer.MemoryCopy(from.Data, to.Data, to.Bytes, to.Bytes);
        }
    }
}
