using EdgeDL.Convert.Onnx.Import;
using EdgeDL.Convert.Onnx.Schema;

namespace EdgeDL.Convert.Onnx;

/// <summary>
/// Finds every operator of a file that can't be imported, so that they are told at once.
/// </summary>
static class UnknownOperators
{
    const int Shown = 50;
    const int MaxDepth = 32;

    /// <summary>Throws if there is one, or if a function calls itself.</summary>
    public static void Reject(OnnxFile file)
    {
        var search = new Search(file);
        search.Walk(file.Graph.Node, file.Opsets, depth: 0);
        if (search.Missing.Count == 0)
        {
            return;
        }

        string list = string.Join(", ", search.Missing.Take(Shown).Select(Line));
        string more = search.Missing.Count > Shown
            ? $" and {search.Missing.Count - Shown} more operators"
            : "";
        throw Convert.Reject.Unsupported("ONNX model",
            $"{search.Missing.Values.Sum(nodes => nodes.Count)} nodes have operators that are not "
                + $"supported: {list}{more}",
            string.Join(", ", search.Remedies.Order()));
    }

    static string Line(KeyValuePair<string, List<string>> missing)
    {
        const int Named = 3;
        string names = string.Join(", ", missing.Value.Take(Named).Select(n => $"'{n}'"));
        int rest = missing.Value.Count - Named;
        return $"{missing.Key} at {names}{(rest > 0 ? $" and {rest} more" : "")}";
    }

    sealed class Search(OnnxFile file)
    {
        readonly HashSet<FunctionProto> open = [];
        readonly HashSet<FunctionProto> done = [];

        /// <summary>The names of the nodes, by operator and opset.</summary>
        public SortedDictionary<string, List<string>> Missing { get; } =
            new(StringComparer.Ordinal);

        public HashSet<string> Remedies { get; } = [];

        public void Walk(IEnumerable<NodeProto> nodes, Opsets opsets, int depth)
        {
            if (depth > MaxDepth)
            {
                throw Convert.Reject.Unsupported(
                    "ONNX model", $"bodies and functions are nested deeper than {MaxDepth}",
                    "export it with fewer levels");
            }

            foreach (NodeProto node in nodes)
            {
                Visit(node, opsets, depth);
                foreach (AttributeProto attribute in node.Attribute)
                {
                    if (attribute.G is { } body)
                    {
                        Walk(body.Node, opsets, depth + 1);
                    }

                    foreach (GraphProto graph in attribute.Graphs)
                    {
                        Walk(graph.Node, opsets, depth + 1);
                    }
                }
            }
        }

        void Visit(NodeProto node, Opsets opsets, int depth)
        {
            if (OnnxTable.All.Find(node) is not null)
            {
                CheckVersion(node, opsets[node.Domain]);
                return;
            }

            string domain = Opsets.Normal(node.Domain);
            if (!file.Functions.TryGetValue((domain, node.OpType), out FunctionProto? function))
            {
                Miss(node, opsets[node.Domain], Remedy.For(domain, node.OpType));
                return;
            }

            if (!open.Add(function))
            {
                throw Convert.Reject.Model($"function '{function.Name}'", "it calls itself");
            }

            if (done.Add(function))
            {
                Walk(function.Node, new Opsets(function.OpsetImport, function.Name), depth + 1);
            }

            open.Remove(function);
        }

        // An operator that the file's opset does not have, or one newer than is known here.
        void CheckVersion(NodeProto node, int opset)
        {
            if (OnnxTable.VersionsOf(node.Domain, node.OpType) is { } known && !known.Has(opset))
            {
                Miss(node, opset, $"export the model with an opset that has {node.OpType} as "
                    + $"EdgeDL knows it: {known}");
            }
        }

        void Miss(NodeProto node, int opset, string remedy)
        {
            string name = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? "";
            string domain = Opsets.Normal(node.Domain);
            string op = domain.Length > 0 ? $"{domain}.{node.OpType}" : node.OpType;
            string key = $"{op} (opset {opset})";
            if (!Missing.TryGetValue(key, out List<string>? names))
            {
                Missing[key] = names = [];
            }

            names.Add(name);
            Remedies.Add(remedy);
        }
    }
}
