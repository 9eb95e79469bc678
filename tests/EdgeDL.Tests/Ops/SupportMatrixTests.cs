using System.Reflection;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Tests.Ops;

/// <summary>Keeps the table of ops and element types true: it is what the op cases run.</summary>
public sealed class SupportMatrixTests
{
    const string Document = "src/EdgeDL/Ops/README.md";

    static readonly string[] Types =
        ["fp32", "int8", "uint8", "int16", "int4", "whole numbers", "other"];

    [Fact]
    public void The_table_of_types_is_what_the_cases_run()
    {
        ILookup<OpCode, OpCase> cases = OpCaseTests.All.ToLookup(c => c.Op.OpCode);
        GeneratedColumns.Holds(Document, "matrix", Types, OpSet.All.Codes.Order().Select(code =>
        {
            HashSet<string> types = [.. cases[code].SelectMany(TypesOf)];
            return ($"{code}", Types.Select(t => types.Contains(t) ? "✓" : "-").ToArray());
        }));
    }

    [Fact]
    public void Gradients_and_delegates_are_what_the_ops_declare()
    {
        MethodInfo row = typeof(SupportMatrixTests).GetMethod(
            nameof(Declared), BindingFlags.NonPublic | BindingFlags.Static)!;
        var rows = typeof(Op).Assembly.GetTypes().Where(IsOp)
            .Select(op => ((OpCode Code, string[] Cells))
                row.MakeGenericMethod(op).Invoke(null, null)!)
            .OrderBy(r => r.Code).ToList();
        Assert.Equal(OpSet.All.Codes.Order(), rows.Select(r => r.Code));
        GeneratedColumns.Holds(Document, "matrix", ["gradient", "delegates"],
            rows.Select(r => ($"{r.Code}", r.Cells)));
    }

    static bool IsOp(Type type) => type is { IsAbstract: false, IsGenericType: false }
        && type.GetInterfaces().Any(i => i.IsGenericType
            && i.GetGenericTypeDefinition() == typeof(IOp<>)
                && i.GenericTypeArguments[0] == type);

    static (OpCode Code, string[] Cells) Declared<TOp>() where TOp : Op, IOp<TOp> =>
        (TOp.Code,
        [
            TOp.HasGradient ? "✓" : "-",
            TOp.Delegates.Count == 0 ? "-" : string.Join(", ", TOp.Delegates),
        ]);

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
        DType.Int4 => "int4",
        DType.Float16 or DType.BFloat16 or DType.Float64 or DType.Complex64 or DType.Bool =>
            "other",
        _ => "whole numbers",
    };
}
