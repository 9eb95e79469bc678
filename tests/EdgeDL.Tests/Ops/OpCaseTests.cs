using EdgeDL.Ops;
using EdgeDL.Testing;

namespace EdgeDL.Tests.Ops;

/// <summary>
/// Cases of one op or a family: every type that implements this is found and run.
/// </summary>
public interface IOpCases
{
    static abstract IEnumerable<OpCase> Cases();
}

/// <summary>Runs every op case, and tells which ops have none.</summary>
public sealed class OpCaseTests
{
    static readonly Lazy<OpCase[]> cases = new(Find);

    /// <summary>All cases of this assembly, by type name.</summary>
    public static IReadOnlyList<OpCase> All => cases.Value;

    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (OpCase c in cases.Value)
        {
            names.Add(c.ToString());
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Holds(string name)
    {
        OpCaseChecks.All(cases.Value.Single(c => c.ToString() == name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Refuses_or_survives_wrong_operands(string name)
    {
        OpCase c = cases.Value.Single(c => c.ToString() == name);
        OpCaseFuzz.Run(c, Settings.Short ? 10 : Settings.Count(150, 5000));
    }

    [Fact]
    public void Every_op_has_a_case()
    {
        HashSet<OpCode> covered = [.. cases.Value.Select(c => c.Op.OpCode)];
        OpCode[] missing = [.. OpSet.All.Codes.Where(code => !covered.Contains(code)).Order()];
        Assert.True(missing.Length == 0, $"ops without a case: {string.Join(", ", missing)}");
    }

    [Fact]
    public void Every_op_class_is_listed()
    {
        string[] unlisted = [.. typeof(Op).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Op)) && !t.IsAbstract && !t.IsGenericTypeDefinition)
            .Where(t => !OpSet.All.Has((OpCode)t.GetProperty("Code")!.GetValue(null)!))
            .Select(t => t.Name)];
        Assert.True(unlisted.Length == 0, $"not in OpSet.All: {string.Join(", ", unlisted)}");
    }

    static OpCase[] Find()
    {
        return [.. typeof(OpCaseTests).Assembly.GetTypes()
            .Where(t => !t.IsInterface && t.IsAssignableTo(typeof(IOpCases)))
            .OrderBy(t => t.FullName, StringComparer.Ordinal)
            .Select(t => t.GetMethod(nameof(IOpCases.Cases))!)
            .SelectMany(m => (IEnumerable<OpCase>)m.Invoke(null, null)!)];
    }
}
