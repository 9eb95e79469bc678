using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Testing;
using EdgeDL.Tests.Ops;

namespace EdgeDL.Tests.Format;

/// <summary>Any bytes are a model or an <see cref="InvalidModelException"/>.</summary>
public sealed class EdlFuzzTests
{
    [Fact]
    public void A_small_file_survives_every_cut_and_flip()
    {
        OpCase c = OpCaseTests.All.First(c => c.Op.OpCode == OpCode.Reshape);
        EdlFuzz.All(
            "reshape", OpCaseFuzz.ToFile(c), int.MaxValue, Settings.Count(2000, 20_000), 2000, 1);
    }

    public static TheoryData<OpCode> Codes() =>
        new(OpCaseTests.All.Select(c => c.Op.OpCode).Distinct());

    // Every op brings its attributes and its checks: few mutations of many models.
    [Theory, MemberData(nameof(Codes))]
    public void Every_op_s_file_survives_mutations(OpCode code)
    {
        int mutations = Settings.Count(60, 2000);
        IEnumerable<OpCase> cases = OpCaseTests.All.Where(c => c.Op.OpCode == code);
        foreach (OpCase c in cases.Take(Settings.Long ? int.MaxValue : 1))
        {
            EdlFuzz.All($"{code}", OpCaseFuzz.ToFile(c), 16, 16, mutations, seed: 3);
        }
    }

    [Fact]
    public void A_plan_that_wastes_memory_meets_the_budget()
    {
        OpCase c = OpCaseTests.All.First(c => c.Op.OpCode == OpCode.Reshape);
        using Model model = Model.Load(OpCaseFuzz.ToFile(c), OpSet.All);
        var options = new SessionOptions { MemoryBudgetBytes = 16 };
        Assert.Throws<MemoryBudgetException>(() => new Session(model, options));
    }
}
