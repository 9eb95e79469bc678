using EdgeDL.Convert.Patching;
using EdgeDL.Convert.Tests.Models;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Patching;

/// <summary>Models in patches: the same bits out of a smaller arena.</summary>
public sealed class PatchTests
{
    [AssetTheory]
    [InlineData("mobilenet_v2_1.0_224_quant", 256 * 1024)]
    [InlineData("mobilenet_v1_0.25_224_quant", 208 * 1024)]
    [InlineData("vww_int8", 44 * 1024)]
    [InlineData("person_detect", 24 * 1024)]
    [InlineData("ic_int8", 32 * 1024)]
    [InlineData("coco_ssd_mobilenet_v1_1.0_quant_2018_06_29", 1024 * 1024)]
    public void Patches_fit_the_arena_and_keep_the_bits(string name, int maxBytes)
    {
        using Model whole = PackedModels.Load(name);
        using Model model = Converter.Convert(Assets.Tflite(name), new ImportOptions());
        PatchReport report = Patcher.Fit(model, maxBytes);
        Assert.NotEmpty(report.Layers);
        Assert.True(report.BytesBefore > maxBytes);
        Assert.InRange(report.MacsAfter, report.MacsBefore, 2 * report.MacsBefore);
        using Model patched = Model.Load(model.ToBytes(), OpSet.All);
        foreach (int threads in (int[])[1, 2])
        {
            using var session = new Session(patched, new SessionOptions { Threads = threads });
            Assert.Equal(report.BytesAfter, session.Memory.ArenaBytes);
            Assert.InRange(session.Memory.ArenaBytes, 1, maxBytes);
            SameOutputs(whole, session, $"{name} on {threads} threads");
        }
    }

    [AssetTheory]
    [InlineData("mobilenet_v2_1.0_224_quant")]
    [InlineData("vww_int8")]
    [InlineData("ic_int8")]
    [InlineData("person_detect")]
    public void The_smallest_arena_keeps_the_bits_too(string name)
    {
        using Model whole = PackedModels.Load(name);
        using Model model = Converter.Convert(Assets.Tflite(name), new ImportOptions());
        PatchReport report = Patcher.Shrink(model);
        Assert.InRange(report.MacsAfter, report.MacsBefore, 2.05 * report.MacsBefore);
        using var session = new Session(model);
        SameOutputs(whole, session, name);
        using Model again = Converter.Convert(Assets.Tflite(name), new ImportOptions());
        EdgeDLException e = Assert.Throws<EdgeDLException>(
            () => Patcher.Fit(again, report.BytesAfter - 1));
        Assert.Contains($"at least {report.BytesAfter} bytes", e.Message);
        Assert.Single(again.Graphs);
    }

    [AssetFact]
    public void Weights_are_stored_once_and_packed_once()
    {
        const string Name = "mobilenet_v2_1.0_224_quant";
        using Model model = Converter.Convert(Assets.Tflite(Name), new ImportOptions());
        Patcher.Fit(model, 256 * 1024);
        long bytes = model.ToBytes().Length;
        Assert.InRange(bytes, 1, PackedModels.Bytes(Name).Length + 16 * 1024);
        using var session = new Session(model);
        using Model whole = PackedModels.Load(Name);
        using var other = new Session(whole);
        // Tables of windows have other sizes; a second copy of any weights would be far more.
        Assert.InRange(
            session.Memory.PackedBytes, 1, other.Memory.PackedBytes + 16 * 1024);
    }

    [AssetFact]
    public void A_run_in_patches_allocates_nothing()
    {
        using Model model = Converter.Convert(Assets.Tflite("vww_int8"), new ImportOptions());
        Patcher.Shrink(model);
        using var session = new Session(model);
        PackedModels.Fill(session, 1);
        session.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [AssetTheory]
    [InlineData("kws_int8")]
    [InlineData("ad_int8")]
    public void A_model_without_layers_to_cut_is_left_alone(string name)
    {
        using Model model = Converter.Convert(Assets.Tflite(name), new ImportOptions());
        PatchReport report = Patcher.Shrink(model);
        Assert.Empty(report.Layers);
        Assert.Equal(report.BytesBefore, report.BytesAfter);
        Assert.Single(model.Graphs);
        Assert.Throws<EdgeDLException>(() => Patcher.Fit(model, 64));
    }

    [AssetFact]
    public void Damaged_files_in_patches_do_no_harm()
    {
        using Model model = Converter.Convert(Assets.Tflite("person_detect"), new ImportOptions());
        Patcher.Shrink(model);
        EdlFuzz.All(
            "person_detect in patches", model.ToBytes(),
            truncations: Settings.Count(60, 20_000), bitFlips: Settings.Count(60, 20_000),
            mutations: Settings.Count(60, 2000), seed: 3);
    }

    static void SameOutputs(Model whole, Session session, string what)
    {
        using var reference = new Session(whole);
        for (int seed = 0; seed < 2; seed++)
        {
            PackedModels.Fill(reference, seed);
            PackedModels.Fill(session, seed);
            reference.Run();
            session.Run();
            for (int i = 0; i < reference.OutputCount; i++)
            {
                Check.Same<byte>(
                    PackedModels.Output(reference, i), PackedModels.Output(session, i),
                    $"{what} output {i}");
            }
        }
    }
}
