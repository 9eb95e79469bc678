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

    // Every op brings its attributes and its checks: few mutations of many models.
    [Fact]
    public void Every_op_s_file_survives_mutations()
    {
        int mutations = Settings.Count(60, 2000);
        IEnumerable<OpCase> cases = Settings.Long
            ? OpCaseTests.All
            : OpCaseTests.All.DistinctBy(c => c.Op.OpCode);
        foreach (OpCase c in cases)
        {
            EdlFuzz.All($"{c.Op.OpCode}", OpCaseFuzz.ToFile(c), 16, 16, mutations, seed: 3);
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
