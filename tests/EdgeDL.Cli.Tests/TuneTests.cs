using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Conv;
using EdgeDL.Ops;
using EdgeDL.Pack.Tune;
using EdgeDL.Testing;

namespace EdgeDL.Cli.Tests;

/// <summary>edgedl-pack tune: what it decides by given times, and files that it writes; never how
/// fast anything is.</summary>
public sealed class TuneTests(SmallModels models) : IClassFixture<SmallModels>
{
    [Theory]
    [InlineData(0, 100.0, 200.0)]
    [InlineData(0, 100.0, 98.0)]
    [InlineData(1, 100.0, 96.0)]
    [InlineData(2, 100.0, 90.0, 80.0)]
    public void Another_way_than_the_rules_is_taken_if_it_is_clearly_faster(
        int expected, params double[] microseconds)
    {
        PackedLayout[] layouts =
        [
            ConvF32.Best().Layout(default), new() { Kind = PackedKind.WinogradF32 },
            new() { Kind = PackedKind.ConvS8 },
        ];
        var node = new TunedNode(new Node("n", new Reshape([]), [], []), layouts, microseconds);
        Assert.Equal(expected, node.Chosen);
        Assert.Equal(
            expected == 0 ? 0 : microseconds[0] - microseconds[expected], node.Saved);
        // What was not measured keeps the rule's.
        Assert.Equal(0, (node with { Microseconds = [] }).Chosen);
    }

    [AssetFact]
    public void A_tuned_file_opens_without_packing_and_gives_the_answers_of_the_model()
    {
        if (CpuTarget.Find(CpuTarget.This().Name) is null)
        {
            return;
        }

        foreach ((string name, string outputs) in (ValueTuple<string, string>[])
            [("ic_fp32", "4 nodes"), ("ic_int8", "4 nodes"), ("kws_int8", "0 nodes")])
        {
            string file = Path.Combine(models.Folder, $"{name}_tuned.edl");
            CliResult result = Cli.Pack(
                "tune", Assets.Tflite(name), "-o", file, "--runs", "2", "--verbose");
            Assert.Equal((0, ""), (result.Code, result.Error));
            Assert.Contains($"on {CpuTarget.This().Name}, 1 thread", result.Output);
            Assert.Contains(outputs, result.Output);
            using Model tuned = Model.Load(file);
            using var session = new Session(
                tuned, new SessionOptions { RequirePackedWeights = true });
            Assert.Equal(0, session.Packing.Packed);
            string[] limits = name == "ic_fp32" ? ["--tolerance", "1e-4"] : [];
            Assert.Equal(
                0, Cli.Pack(["verify", file, "--against", Assets.Tflite(name), .. limits]).Code);
            // Once more, from what it wrote, onto itself.
            Assert.Equal(0, Cli.Pack("tune", file, "--runs", "1").Code);
        }
    }

    [Fact]
    public void What_was_packed_for_another_cpu_is_refused()
    {
        string foreign = CpuTarget.All().First(t => t.Name != CpuTarget.This().Name).Name;
        string file = Path.Combine(models.Folder, "foreign.edl");
        Assert.Equal(
            0, Cli.Pack("convert", models.Dense, "--target", foreign, "-o", file).Code);
        byte[] before = File.ReadAllBytes(file);
        CliResult result = Cli.Pack("tune", file);
        Assert.Equal(2, result.Code);
        Assert.Contains($"packed for {foreign}, this CPU is", result.ErrorLine);
        Assert.Equal(before, File.ReadAllBytes(file));
    }

    [Theory]
    [InlineData("--runs 0", "--runs", "0")]
    [InlineData("--threads 65", "--threads", "65")]
    public void Wrong_usage_is_one_line_and_2(string expected, params string[] options)
    {
        CliResult result = Cli.Pack(["tune", models.Dense, .. options]);
        Assert.Equal(2, result.Code);
        Assert.Contains(expected, result.ErrorLine);
    }
}
