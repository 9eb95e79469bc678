using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Tests.Ops;

/// <summary>Keeps the table of ops and element types true: it is what the op cases run.</summary>
public sealed class SupportMatrixTests
{
    static readonly string[] Columns =
        ["fp32", "int8", "uint8", "int16", "int4 weights", "whole numbers", "other"];

    [Fact]
    public void The_table_of_types_is_what_the_cases_run()
    {
        var lines = new List<string>
        {
            $"| op | {string.Join(" | ", Columns)} |",
            $"|---|{string.Concat(Columns.Select(_ => ":-:|"))}",
        };
        ILookup<OpCode, OpCase> cases = OpCaseTests.All.ToLookup(c => c.Op.OpCode);
        foreach (OpCode code in OpSet.All.Codes.Order())
        {
            HashSet<string> types = [.. cases[code].SelectMany(TypesOf)];
            lines.Add($"| {code} | "
                + string.Join(" | ", Columns.Select(c => types.Contains(c) ? "✓" : "")) + " |");
        }

        GeneratedSection.Holds("src/EdgeDL/Ops/README.md", "types", lines);
    }

    static IEnumerable<string> TypesOf(OpCase c)
    {
        foreach (Arg? input in c.Inputs)
        {
            if (input is not null)
            {
                yield return ColumnOf(input);
            }
        }
    }

    static string ColumnOf(Arg input) => input.Type switch
    {
        DType.Float32 => "fp32",
        DType.Int8 when input.Quant is not null => "int8",
        DType.UInt8 when input.Quant is not null => "uint8",
        DType.Int16 when input.Quant is not null => "int16",
        DType.Int4 => "int4 weights",
        DType.Float16 or DType.BFloat16 or DType.Float64 or DType.Complex64 or DType.Bool =>
            "other",
        _ => "whole numbers",
    };
}
