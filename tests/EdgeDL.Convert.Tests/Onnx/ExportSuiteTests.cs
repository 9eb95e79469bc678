namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>The ONNX conformance suite once more: imported, exported, and run by ONNX Runtime.
/// </summary>
public sealed class ExportSuiteTests
{
    const int Wanted = 1000;

    /// <summary>Cases that are imported and don't come back as they went, and why.</summary>
    static readonly Dictionary<string, string> Exclusions = new()
    {
        ["node/test_dft"] = "ONNX Runtime's transform is fp32",
        ["node/test_dft_axis"] = "ONNX Runtime's transform is fp32",
        ["node/test_dft_inverse"] = "ONNX Runtime's transform is fp32",
        ["node/test_stft"] = "ONNX Runtime's transform is fp32",
        ["node/test_stft_with_window"] = "ONNX Runtime's transform is fp32",
    };

    public static TheoryData<string> Cases =>
    [
        .. OnnxSuite.Names.Where(
            n => !OnnxSuite.Exclusions.ContainsKey(n) && !Exclusions.ContainsKey(n)),
    ];

    public static TheoryData<string> Excluded => [.. Exclusions.Keys];

    [SuiteTheory]
    [MemberData(nameof(Cases))]
    public void Comes_back(string name) => new SuiteCase(name).RunExported();

    [SuiteTheory]
    [MemberData(nameof(Excluded))]
    public void Is_refused_or_differs(string name)
    {
        Exception? refusal = Record.Exception(() => new SuiteCase(name).RunExported());
        Assert.True(refusal is EdgeDLException or Xunit.Sdk.XunitException,
            refusal is null ? "comes back now: take it off the list" : refusal.ToString());
    }

    [SuiteTheory]
    [InlineData(Wanted)]
    public void Enough_cases_come_back(int wanted) =>
        Assert.InRange(Cases.Count, wanted, int.MaxValue);
}
