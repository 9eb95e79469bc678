using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Testing;

/// <summary>
/// An op with operands and its meaning in doubles. One declaration feeds every check of
/// <see cref="OpCaseChecks"/>:
/// <code>
/// yield return new OpCase("rows", new Softmax(-1, 1f), [F32(3, 5)], SoftmaxOfRows);
/// yield return new OpCase("int8", new Softmax(-1, 1f), [I8(0.1f, 3, 3, 5)], SoftmaxOfRows)
///     { Out = [Q(1 / 256f, -128)] };
/// </code>
/// </summary>
public sealed class OpCase(string name, Op op, Arg?[] inputs, Action<OpRun> reference)
{
    public string Name => name;

    public Op Op => op;

    public Arg?[] Inputs => inputs;

    /// <summary>Fills the outputs from the inputs, all in doubles and dequantized.</summary>
    public Action<OpRun> Reference => reference;

    /// <summary>The quantization of each output; its length is the number of outputs.</summary>
    public Quantization?[] Out { get; init; } = [null];

    /// <summary>Shapes that inference must give, where the case says so.</summary>
    public int[][]? Shapes { get; init; }

    /// <summary>Variables of the model, ids from 0; they start at real zero.</summary>
    public Arg[] Variables { get; init; } = [];

    /// <summary>Runs in sequence, each with new inputs; more than one for ops with state.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>Adds called graphs and the like, after the inputs and before the node.</summary>
    public Action<GraphBuilder>? Before { get; init; }

    /// <summary>Allowed error of floats: Relative·|y| + Absolute.</summary>
    public double Relative { get; init; } = 1e-5;

    public double Absolute { get; init; } = 1e-6;

    /// <summary>Allowed error of quantized integers, in steps.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>
    /// False where extreme operands have no useful result (overflow by definition).
    /// </summary>
    public bool Extremes { get; init; } = true;

    public override string ToString() => $"{op.OpCode} {name}";

    /// <summary>A model of this one node, constants drawn from the seed.</summary>
    internal Model Build(int seed, Pattern pattern) => Build(op, seed, pattern);

    /// <summary>The same with another instance of the op.</summary>
    internal Model Build(Op instance, int seed, Pattern pattern)
    {
        var builder = new GraphBuilder(ToString());
        int[] values = new int[inputs.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = inputs[i] switch
            {
                null => -1,
                { IsConstant: true } c => builder.Constant(
                    $"in{i}", c.Type, c.Shape, Constant.Copy(Draw(i, seed, pattern)), c.Quant),
                { } x => builder.Input($"in{i}", x.Type, x.Shape, x.Quant),
            };
        }

        foreach (Arg variable in Variables)
        {
            builder.Variable("state", variable.Type, variable.Shape, variable.Quant);
        }

        Before?.Invoke(builder);
        string[] names = [.. Out.Select((_, i) => $"out{i}")];
        foreach (int output in builder.Node(instance, "node", values, names, Out))
        {
            builder.Output(output);
        }

        return builder.Model;
    }

    /// <summary>The bytes of input i in the run with this seed; null if it was left out.</summary>
    internal byte[]? Draw(int i, int seed, Pattern pattern)
    {
        return inputs[i]?.Draw(Seed(seed, i), pattern);
    }

    // Constants are drawn with run 0's seed, so that they are what the model holds.
    static int Seed(int seed, int input) => (seed * 97) + input;
}
