using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Quantized;

/// <summary>An op on dequantized values that a quantization alone reads.</summary>
sealed class FusionPlace(GraphEdit graph, Node middle, Node quantize)
{
    public GraphEdit Graph => graph;

    public Node Middle => middle;

    Value Result => graph.Value(quantize.Outputs[0]);

    /// <summary>The result's quantization, for a type that it may have instead.</summary>
    public Quantization QuantAs(DType type) =>
        Result.DType == type ? Result.Quant! : ByteForms.Shifted(Result.Quant!, type);

    /// <summary>The types to work in, the one that most operands have already first.</summary>
    public DType[] Types(ReadOnlySpan<int> sources)
    {
        // The result's type decides only where the operands don't.
        int signed = Result.DType == DType.Int8 ? 1 : -1;
        foreach (int source in sources)
        {
            signed += ByteForms.Native(graph, source) switch
            {
                DType.Int8 => 2,
                DType.UInt8 => -2,
                _ => 0,
            };
        }

        return signed < 0 ? [DType.UInt8, DType.Int8] : [DType.Int8, DType.UInt8];
    }

    /// <summary>Fuses an op that brings its inputs' scales to the output's itself.</summary>
    public bool FuseAll(Op op)
    {
        if (Sources() is not { } sources)
        {
            return false;
        }

        foreach (DType type in Types(sources))
        {
            if (Fuse(op, type, sources, QuantAs(type)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same in a given type.</summary>
    public bool FuseAll(Op op, DType type) =>
        Sources() is { } sources && Fuse(op, type, sources, QuantAs(type));

    /// <summary>
    /// Fuses an op whose result keeps its input's scale; another scale is reached behind it.
    /// </summary>
    public bool FuseKeeping(Op op)
    {
        if (Sources() is not [var source])
        {
            return false;
        }

        foreach (DType type in Types([source]))
        {
            Value x = graph.Value(source);
            Quantization quant = x.DType == type ? x.Quant! : ByteForms.Shifted(x.Quant!, type);
            if (Fuse(op, type, [source], quant))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Puts the op on integers in place; false, and nothing done, if it refuses them.
    /// </summary>
    /// <param name="op">What to run.</param>
    /// <param name="type">The type of its quantized inputs and of its result.</param>
    /// <param name="operands">Its inputs, those of 8 bits not yet of that type.</param>
    /// <param name="quant">The result's quantization.</param>
    public bool Fuse(Op op, DType type, int[] operands, Quantization quant)
    {
        if (!Takes(op, type, operands, quant))
        {
            return false;
        }

        int[] inputs = Array.ConvertAll(operands, o => o >= 0 && ByteForms.IsByte(graph.Value(o))
            ? ByteForms.As(graph, o, type, middle)
            : o);
        Shape shape = graph.Value(middle.Outputs[0]).Shape;
        if (type == Result.DType && Quantization.Same(quant, Result.Quant))
        {
            graph.Absorb(middle, quantize);
            graph.Rewire(middle, op, inputs);
            return true;
        }

        int own = graph.AddValue(middle.Name, type, shape, quant);
        graph.Rewire(middle, op, inputs);
        graph.Redirect(middle, [own]);
        graph.Rewire(quantize, quantize.Op, own);
        return true;
    }

    // The integers behind every input; null if there is one without.
    int[]? Sources()
    {
        var sources = new int[middle.Inputs.Length];
        for (int i = 0; i < sources.Length; i++)
        {
            if (middle.Inputs[i] < 0
                || ByteForms.Source(graph, middle.Inputs[i]) is not { } source)
            {
                return null;
            }

            sources[i] = source;
        }

        return sources;
    }

    // Asks the op's own inference, in a graph made for the question.
    bool Takes(Op op, DType type, int[] operands, Quantization quant)
    {
        var builder = new GraphBuilder("question");
        var inputs = new int[operands.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = operands[i] < 0 ? -1 : Copy(builder, graph.Value(operands[i]), type);
        }

        try
        {
            int y = builder.Node(op, middle.Name, inputs, quant);
            return builder[y].DType == type
                && builder[y].Shape == graph.Value(middle.Outputs[0]).Shape;
        }
        catch (EdgeDLException)
        {
            return false;
        }
    }

    static int Copy(GraphBuilder builder, Value x, DType type)
    {
        bool shifts = ByteForms.IsByte(x) && x.DType != type;
        DType kind = shifts ? type : x.DType;
        Quantization? quant = shifts ? ByteForms.Shifted(x.Quant!, type) : x.Quant;
        return x.Constant is { } constant
            ? builder.Constant(x.Name, kind, x.Shape, constant, quant)
            : builder.Input(x.Name, kind, x.Shape, quant);
    }
}
