using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Kernels;
using EdgeDL.Ops;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Models;

/// <summary>Published models with their weights packed on the desk: the same bits.</summary>
public sealed class PackedTargetTests
{
    static readonly string[] few =
    [
        "kws_int8", "vww_int8", "ad_fp32", "kws_drq", "mobilenet_v1_0.25_224_quant",
        "mnist_lstm_int8",
    ];

    public static TheoryData<string> Names() => Settings.Long ? PackedModels.Names() : new(few);

    [AssetTheory]
    [MemberData(nameof(Names))]
    public void Weights_in_place_give_the_bits_of_weights_packed_while_opening(string name)
    {
        using Model plain = PackedModels.Load(name);
        (byte[][] expected, PackingReport whole) = Run(plain, new SessionOptions());
        using Model own = Model.Load(plain.ToBytes(CpuTarget.This()), OpSet.All);
        var strict = new SessionOptions { RequirePackedWeights = true, Threads = 2 };
        (byte[][] ready, PackingReport report) = Run(own, strict);
        Assert.Equal(expected, ready);
        Assert.Equal((whole.Packed, 0), (report.InPlace, report.Packed));
        Assert.Null(report.Warning);
        foreach (CpuTarget target in CpuTarget.All())
        {
            using Model foreign = Model.Load(plain.ToBytes(target), OpSet.All);
            (byte[][] other, _) = Run(foreign, new SessionOptions());
            Assert.Equal(expected, other);
        }
    }

    [AssetFact]
    public void A_session_in_place_takes_less_memory()
    {
        using Model plain = PackedModels.Load("vww_int8");
        using var packing = new Session(plain);
        using Model own = Model.Load(plain.ToBytes(CpuTarget.This()), OpSet.All);
        using var ready = new Session(own);
        Assert.InRange(
            ready.Memory.PackedBytes, 0, packing.Memory.PackedBytes - own.Packed!.Bytes);
    }

    [AssetTheory]
    [InlineData("kws_int8")]
    [InlineData("ad_fp32")]
    public void Damaged_packed_files_do_no_harm(string name)
    {
        using Model plain = PackedModels.Load(name);
        EdlFuzz.All(
            name,
            plain.ToBytes(CpuTarget.This()),
            truncations: Settings.Count(200, int.MaxValue),
            bitFlips: Settings.Count(200, 20_000),
            mutations: Settings.Count(400, 5000),
            seed: 9);
    }

    static (byte[][] Outputs, PackingReport Report) Run(Model model, SessionOptions options)
    {
        using var session = new Session(model, options);
        PackedModels.Fill(session, 1);
        session.Run();
        byte[][] outputs =
            [.. Enumerable.Range(0, session.OutputCount).Select(o =>
                PackedModels.Output(session, o))];
        return (outputs, session.Packing);
    }
}
