using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Pack;

/// <summary>In what two models differ, a line each.</summary>
static class ModelDiff
{
    public static List<string> Of(Model a, Model b)
    {
        var lines = new List<string>();
        Say(lines, "graphs", a.Graphs.Count, b.Graphs.Count);
        Say(lines, "variables", a.Variables.Count, b.Variables.Count);
        Say(lines, "labels", string.Join(", ", a.Labels), string.Join(", ", b.Labels));
        Say(lines, "preprocessing", string.Join("; ", a.Preprocessing),
            string.Join("; ", b.Preprocessing));
        foreach (string key in a.Metadata.Keys.Union(b.Metadata.Keys).Order(StringComparer.Ordinal))
        {
            Say(lines, $"metadata '{key}'", a.Metadata.GetValueOrDefault(key),
                b.Metadata.GetValueOrDefault(key));
        }

        ModelAnalysis first = ModelAnalysis.Of(a), second = ModelAnalysis.Of(b);
        Say(lines, "arena bytes", Arena(first.Plan), Arena(second.Plan));
        Say(lines, "MACs", first.TotalMacs, second.TotalMacs);
        for (int g = 0; g < Math.Min(a.Graphs.Count, b.Graphs.Count); g++)
        {
            Graphs(lines, a.Graphs[g], b.Graphs[g]);
        }

        return lines;
    }

    static long Arena(MemoryPlan plan) => plan.ActivationBytes + plan.PersistentBytes;

    static void Graphs(List<string> lines, Graph a, Graph b)
    {
        string place = $"graph '{a.Name}'";
        Say(lines, $"{place} inputs", Ends(a, a.Inputs), Ends(b, b.Inputs));
        Say(lines, $"{place} outputs", Ends(a, a.Outputs), Ends(b, b.Outputs));
        Say(lines, $"{place} nodes", a.Nodes.Count, b.Nodes.Count);
        foreach (OpCode code in a.Nodes.Concat(b.Nodes).Select(n => n.Op.OpCode).Distinct().Order())
        {
            Say(lines, $"{place} {code} nodes",
                a.Nodes.Count(n => n.Op.OpCode == code), b.Nodes.Count(n => n.Op.OpCode == code));
        }

        if (a.Nodes.Count != b.Nodes.Count)
        {
            return;
        }

        for (int n = 0; n < a.Nodes.Count; n++)
        {
            Nodes(lines, a, b, n);
        }
    }

    static void Nodes(List<string> lines, Graph a, Graph b, int n)
    {
        Node x = a.Nodes[n], y = b.Nodes[n];
        string place = $"node {n} '{x.Name}'";
        if (x.Op.OpCode != y.Op.OpCode)
        {
            lines.Add($"{place}: {x.Op.OpCode} -> {y.Op.OpCode}");
            return;
        }

        if (!Attributes(x.Op).SequenceEqual(Attributes(y.Op)))
        {
            lines.Add($"{place}: {x.Op.OpCode} attributes differ");
        }

        Say(lines, $"{place} outputs", Ends(a, x.Outputs), Ends(b, y.Outputs));
        Say(lines, $"{place} inputs", x.Inputs.Length, y.Inputs.Length);
        for (int i = 0; i < Math.Min(x.Inputs.Length, y.Inputs.Length); i++)
        {
            if (x.Inputs[i] >= 0 && y.Inputs[i] >= 0)
            {
                Weights(lines, $"{place} input {i}", a.Values[x.Inputs[i]], b.Values[y.Inputs[i]]);
            }
        }
    }

    static void Weights(List<string> lines, string place, Value a, Value b)
    {
        if (a.Constant is null || b.Constant is null)
        {
            Say(lines, $"{place} constant", a.Constant is not null, b.Constant is not null);
            return;
        }

        Say(lines, place, Describe(a), Describe(b));
        if (a.Bytes == b.Bytes)
        {
            ReadOnlySpan<byte> x = a.Constant.Span[..(int)a.Bytes], y =
                b.Constant.Span[..(int)b.Bytes];
            int different = 0;
            for (int i = 0; i < x.Length; i++)
            {
                different += x[i] == y[i] ? 0 : 1;
            }

            if (different > 0)
            {
                lines.Add($"{place} '{a.Name}': {different} of {x.Length} bytes differ");
            }
        }
    }

    static byte[] Attributes(Op op)
    {
        var bytes = new List<byte>();
        var writer = new AttributeWriter(bytes);
        op.Write(ref writer);
        return [.. bytes];
    }

    static string Ends(Graph graph, IEnumerable<int> values) =>
        string.Join(", ", values.Select(v => Describe(graph.Values[v])));

    static string Describe(Value v) =>
        $"{v.DType} {v.Shape}{(v.Quant is null ? "" : $" {v.Quant}")}";

    static void Say<T>(List<string> lines, string what, T a, T b)
    {
        if (!EqualityComparer<T>.Default.Equals(a, b))
        {
            lines.Add($"{what}: {a} -> {b}");
        }
    }
}
