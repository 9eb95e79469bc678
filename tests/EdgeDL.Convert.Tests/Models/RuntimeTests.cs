using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Models;

/// <summary>Tests that count collections of the whole process run alone.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;

/// <summary>
/// What the runtime promises of every model: no allocation, same bits, known memory.
/// </summary>
[Collection("alone")]
public sealed class RuntimeTests
{
    const int FullRuns = 10_000;
    const long ShortMacs = 300_000_000;

    static readonly string[] minimalArenas =
    [
        "kws_int8", "ic_int8", "vww_int8", "ad_int8", "sww_int8",
        "mobilenet_v1_0.25_224_quant", "mobilenet_v2_1.0_224_quant",
    ];

    public static TheoryData<string> Names() => PackedModels.Names();

    public static TheoryData<string> MinimalArenas() => new(minimalArenas);

    [AssetTheory]
    [MemberData(nameof(Names))]
    public void Runs_allocate_nothing_and_collect_nothing(string name)
    {
        using Model model = PackedModels.Load(name);
        using var session = new Session(model);
        PackedModels.Fill(session, 1);
        session.Run();
        int runs = Runs(model);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        int collections = GC.CollectionCount(0);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < runs; i++)
        {
            session.Run();
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Equal(0, allocated);
        Assert.Equal(0, GC.CollectionCount(0) - collections);
    }

    [AssetTheory]
    [MemberData(nameof(Names))]
    public void Threads_do_not_change_a_bit(string name)
    {
        using Model model = PackedModels.Load(name);
        byte[][] one = Outputs(model, threads: 1);
        foreach (int threads in (int[])[2, 3])
        {
            byte[][] more = Outputs(model, threads);
            for (int i = 0; i < one.Length; i++)
            {
                Check.Same<byte>(one[i], more[i], $"{name} output {i} with {threads} threads");
            }
        }
    }

    [AssetTheory]
    [MemberData(nameof(Names))]
    public void A_session_takes_the_memory_that_the_plan_says(string name)
    {
        using Model model = PackedModels.Load(name);
        MemoryPlan plan = ModelAnalysis.Of(model).Plan;
        long arena = plan.ActivationBytes + plan.PersistentBytes;
        using var session = new Session(model);
        Assert.Equal(arena, session.Memory.ArenaBytes);
        // To the byte: exactly this budget is enough, one byte less is not.
        long needed = session.Memory.ArenaBytes + session.Memory.PackedBytes
            + session.Memory.WorkerScratchBytes;
        new Session(model, new SessionOptions { MemoryBudgetBytes = needed }).Dispose();
        Assert.Throws<MemoryBudgetException>(
            () => new Session(model, new SessionOptions { MemoryBudgetBytes = needed - 1 }));
    }

    [AssetTheory]
    [MemberData(nameof(MinimalArenas))]
    public void The_arena_is_as_small_as_any_plan_can_be(string name)
    {
        using Model model = PackedModels.Load(name);
        using var session = new Session(model);
        Assert.Equal(session.Memory.LowerBoundBytes, session.Memory.ActivationBytes);
    }

    [AssetTheory]
    [MemberData(nameof(Names))]
    public void A_second_session_on_the_same_model_is_independent(string name)
    {
        using Model model = PackedModels.Load(name);
        byte[][] first = Outputs(model, threads: 1);
        using var other = new Session(model);
        PackedModels.Fill(other, 2);
        other.Run();
        byte[][] again = Outputs(model, threads: 1);
        for (int i = 0; i < first.Length; i++)
        {
            Check.Same<byte>(first[i], again[i], $"{name} output {i} beside another session");
        }
    }

    static byte[][] Outputs(Model model, int threads)
    {
        using var session = new Session(model, new SessionOptions { Threads = threads });
        List<byte[]> outputs = [];
        for (int run = 0; run < 2; run++)
        {
            PackedModels.Fill(session, run);
            session.Run();
            for (int i = 0; i < session.OutputCount; i++)
            {
                outputs.Add(PackedModels.Output(session, i));
            }
        }

        return [.. outputs];
    }

    // All 10,000 of them in the long run; in the normal one as many as a few seconds allow.
    static int Runs(Model model)
    {
        long macs = Math.Max(1, ModelAnalysis.Of(model).TotalMacs);
        return Settings.Long ? FullRuns : (int)Math.Clamp(ShortMacs / macs, 3, FullRuns);
    }
}
