using EdgeDL.Convert.Onnx.Import;
using EdgeDL.Convert.Tests.Onnx;
using EdgeDL.Convert.Tests.Onnx.Nodes;
using EdgeDL.Ops;
using EdgeDL.Testing;
using TfliteTable = EdgeDL.Convert.Tflite.Import.ImportTable;

namespace EdgeDL.Convert.Tests;

/// <summary>Keeps the lists of other formats' operators true: they are the import tables.</summary>
public sealed class SupportMatrixTests
{
    const string Document = "src/EdgeDL/Ops/README.md";

    [Fact]
    public void The_list_of_onnx_operators_is_the_table()
    {
        var lines = new List<string>();
        foreach (IGrouping<string, string> domain in OnnxTable.All.Operators
            .GroupBy(o => o.Domain, o => o.Op).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            string name = domain.Key.Length == 0 ? "The standard's domain" : $"`{domain.Key}`";
            lines.Add($"{name}, {domain.Count()} operators: " + string.Join(", ", domain
                .Order(StringComparer.Ordinal).Select(op => Named(domain.Key, op))) + ".");
            lines.Add("");
        }

        GeneratedSection.Holds(Document, "onnx", lines);
    }

    [Fact]
    public void The_list_of_tflite_operators_is_the_table()
    {
        TfliteTable table = TfliteTable.All;
        GeneratedSection.Holds(Document, "tflite",
        [
            $"{table.Builtins.Count} builtins: "
                + string.Join(", ", table.Builtins.Select(b => $"{b}").Order()) + ".",
            "",
            $"{table.Customs.Count} custom operators: "
                + string.Join(", ", table.Customs.Order(StringComparer.Ordinal)) + ".",
        ]);
    }

    [SuiteTheory]
    [InlineData("ONNX (opsets)", "TFLite")]
    public void The_columns_of_formats_are_what_the_importers_make(string onnx, string tflite)
    {
        Dictionary<string, SortedSet<string>> ours = [];
        void Main(IEnumerable<string> made, string name)
        {
            // Layout and casts are there in most imports; what is left is what the operator means.
            string[] all = [.. made.Distinct()];
            string[] left = [.. all.Where(op => !Carriers.Contains(op))];
            if ((left.Length > 0 ? left : all) is [string one])
            {
                (ours.TryGetValue(one, out SortedSet<string>? names)
                    ? names : ours[one] = new(StringComparer.Ordinal)).Add(name);
            }
        }

        foreach (SuiteCase single in OnnxSuite.Singles)
        {
            Main(single.ImportedOps(), Named("", single.Operator));
        }

        foreach (SingleNode node in SingleNodeTests.All)
        {
            Main(node.ImportedOps(), Named(node.Domain, node.Operator));
        }

        ILookup<string, string> builtins = TfliteTable.All.Rows
            .SelectMany(r => MadeOps.Of(r.Import.Method).Select(op => (Op: op, Builtin: r.Name)))
            .ToLookup(p => p.Op, p => p.Builtin);
        GeneratedColumns.Holds(Document, "matrix", [onnx, tflite],
            OpSet.All.Codes.Order().Select(code => ($"{code}", new[]
            {
                ours.TryGetValue($"{code}", out SortedSet<string>? names)
                    ? string.Join(", ", names) : "-",
                builtins.Contains($"{code}")
                    ? string.Join(", ", builtins[$"{code}"].Order()) : "-",
            })));
    }

    static readonly string[] Carriers =
        ["Bitcast", "Cast", "Identity", "Reshape", "Slice", "Transpose"];

    static string Named(string domain, string op) =>
        OnnxTable.VersionsOf(domain, op) is { } versions
            ? $"{op} {versions.First}–{versions.Last}" : op;

    [SuiteTheory]
    [InlineData(17)]
    public void What_onnx_operators_become(int opset)
    {
        var ours = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (SuiteCase single in OnnxSuite.Singles.Where(c => c.Opset <= opset))
        {
            string op = single.Operator;
            if (!ours.TryGetValue(op, out SortedSet<string>? codes))
            {
                ours[op] = codes = [];
            }

            codes.UnionWith(single.ImportedOps());
        }

        GeneratedSection.Holds(Document, "onnx-ops",
        [
            "| ONNX | becomes |",
            "|---|---|",
            .. ours.Select(p => $"| {p.Key} | "
                + (p.Value.Count == 0 ? "known at import" : string.Join(", ", p.Value)) + " |"),
        ]);
    }
}
