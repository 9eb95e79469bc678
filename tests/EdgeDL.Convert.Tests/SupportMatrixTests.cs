using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Import;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Convert.Tests.Onnx;
using EdgeDL.Graphs;
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
            lines.Add($"{name}, {domain.Count()} operators: "
                + string.Join(", ", domain.Order(StringComparer.Ordinal)) + ".");
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
    [InlineData(17)]
    public void What_onnx_operators_become(int opset)
    {
        var ours = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (string name in OnnxSuite.Names.Where(n => !OnnxSuite.Exclusions.ContainsKey(n)))
        {
            string path = Path.Combine(OnnxSuite.Folder(name), "model.onnx");
            ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
            if (model.Graph.Node.Count != 1 || model.OpsetImport[0].Version > opset)
            {
                continue;
            }

            string op = model.Graph.Node[0].OpType;
            if (!ours.TryGetValue(op, out SortedSet<string>? codes))
            {
                ours[op] = codes = [];
            }

            codes.UnionWith(new SuiteCase(name).ImportedOps());
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
