namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>The ONNX conformance suite, a test a case.</summary>
public class ConformanceTests
{
    const int Wanted = 980;

    public static TheoryData<string> Cases =>
        [.. OnnxSuite.Names.Where(name => !OnnxSuite.Exclusions.ContainsKey(name))];

    public static TheoryData<string> Excluded => [.. OnnxSuite.Exclusions.Keys];

    [SuiteTheory]
    [MemberData(nameof(Cases))]
    public void Passes(string name) => new SuiteCase(name).Run();

    [SuiteTheory]
    [MemberData(nameof(Excluded))]
    public void Is_refused_or_differs(string name)
    {
        Assert.Contains(name, OnnxSuite.Names);
        Exception? refusal = Record.Exception(() => new SuiteCase(name).Run());
        Assert.True(refusal is EdgeDLException or Xunit.Sdk.XunitException,
            refusal is null ? "passes now: take it off the list" : refusal.ToString());
    }

    [SuiteTheory]
    [InlineData(Wanted)]
    public void Enough_cases_are_run(int wanted) =>
        Assert.InRange(Cases.Count, wanted, int.MaxValue);
}

/// <summary>A theory over the suite; says how to get it where it is missing.</summary>
sealed class SuiteTheoryAttribute : TheoryAttribute
{
    public SuiteTheoryAttribute() => Skip = OnnxSuite.Exists ? null : OnnxSuite.Missing;
}
