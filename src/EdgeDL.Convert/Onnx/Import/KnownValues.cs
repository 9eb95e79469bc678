using EdgeDL.Convert.Passes;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>
/// What is known of a graph's values during import, asked for when a shape hangs on it: constants,
/// inputs whose values the user gave, and all that follows from these alone.
/// </summary>
sealed class KnownValues(GraphBuilder builder, ConstantBudget budget, Action<string>? log)
{
    readonly Dictionary<int, Constant> offered = [];
    readonly Dictionary<int, Constant?> known = [];
    readonly Dictionary<int, Node> makers = [];

    /// <summary>The inputs whose given values were used.</summary>
    public HashSet<int> Fixed { get; } = [];

    /// <summary>A value that the user gave for an input; used only where it is needed.</summary>
    public void Offer(int input, ReadOnlyMemory<byte> bytes, string place)
    {
        Value value = builder[input];
        offered[input] = bytes.Length == value.Bytes
            ? Constant.Copy(bytes.Span)
            : throw new ArgumentException(
                $"{place} takes {value.Bytes} bytes, the value given has {bytes.Length}");
    }

    /// <summary>Notes who makes the newest values.</summary>
    public void Made(Node node)
    {
        foreach (int output in node.Outputs)
        {
            makers[output] = node;
        }
    }

    /// <summary>The node that makes a value; null for constants and inputs.</summary>
    public Node? Maker(int value) => makers.GetValueOrDefault(value);

    /// <summary>The bytes of a value; null if they depend on data.</summary>
    public Constant? this[int value]
    {
        get
        {
            if (builder[value].Constant is { } constant)
            {
                return constant;
            }

            if (known.TryGetValue(value, out Constant? found))
            {
                return found;
            }

            Evaluate(value);
            return known[value];
        }
    }

    // Walks up without recursion: chains of ten thousand nodes are legal.
    void Evaluate(int wanted)
    {
        var open = new Stack<int>([wanted]);
        while (open.TryPeek(out int value))
        {
            if (IsSettled(value))
            {
                open.Pop();
            }
            else if (offered.TryGetValue(value, out Constant? given))
            {
                Fixed.Add(value);
                log?.Invoke($"input '{builder[value].Name}' is fixed to the value given: "
                    + "the model's shapes hang on it");
                known[value] = given;
            }
            else if (!makers.TryGetValue(value, out Node? node)
                || !ConstantEvaluator.CanEvaluate(node)
                || node.Inputs.Any(i => i >= 0 && IsSettled(i) && Settled(i) is null))
            {
                known[value] = null;
            }
            else if (node.Inputs.Where(i => i >= 0 && !IsSettled(i)).ToArray()
                is { Length: > 0 } missing)
            {
                open.Push(missing[0]);
            }
            else
            {
                Constant[]? results = ConstantEvaluator.TryEvaluate(
                    builder.Graph, node, [.. node.Inputs.Select(i => i < 0 ? null : Settled(i))],
                    budget);
                for (int o = 0; o < node.Outputs.Length; o++)
                {
                    known[node.Outputs[o]] = results?[o];
                }
            }
        }
    }

    bool IsSettled(int value) =>
        builder[value].Constant is not null || known.ContainsKey(value);

    Constant? Settled(int value) => builder[value].Constant ?? known[value];
}
