using System.Runtime.InteropServices;
using EdgeDL.Execution;
using EdgeDL.Format;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Tests.Format;

/// <summary>What is hashed while loading, and what may wait.</summary>
public sealed class WeightCheckTests
{
    static readonly byte[] file = Sum().ToBytes();

    [Fact]
    public void A_damaged_weight_is_refused_while_loading()
    {
        byte[] damaged = Damaged(SectionKind.Weights);
        var e = Assert.Throws<InvalidModelException>(() => Model.Load(damaged, OpSet.All));
        Assert.Equal("section Weights", e.Place);
    }

    [Fact]
    public void A_damaged_weight_is_found_on_request_and_again()
    {
        using Model model = Model.Load(
            Damaged(SectionKind.Weights), OpSet.All, WeightCheck.OnRequest);
        using var session = new Session(model);
        session.Run();
        for (int i = 0; i < 2; i++)
        {
            var e = Assert.Throws<InvalidModelException>(model.VerifyWeights);
            Assert.Equal("section Weights", e.Place);
        }
    }

    [Fact]
    public void Sound_weights_pass_however_often()
    {
        using Model model = Model.Load(file, OpSet.All, WeightCheck.OnRequest);
        model.VerifyWeights();
        model.VerifyWeights();
    }

    [Fact]
    public void A_disposed_model_can_t_be_verified()
    {
        Model model = Model.Load(file, OpSet.All, WeightCheck.OnRequest);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(model.VerifyWeights);
    }

    [Theory]
    [InlineData(SectionKind.Graph)]
    [InlineData(SectionKind.Plan)]
    [InlineData(SectionKind.Strings)]
    [InlineData(SectionKind.Metadata)]
    public void All_else_is_hashed_while_loading(object kind)
    {
        var section = (SectionKind)kind;
        var e = Assert.Throws<InvalidModelException>(
            () => Model.Load(Damaged(section), OpSet.All, WeightCheck.OnRequest));
        Assert.Equal(($"section {section}", true), (e.Place, e.Finding.Contains("SHA-256")));
    }

    static byte[] Damaged(SectionKind kind)
    {
        byte[] damaged = [.. file];
        int count = (int)MemoryMarshal.Read<FileHeader>(damaged).SectionCount;
        var table = MemoryMarshal.Cast<byte, SectionRecord>(damaged.AsSpan(64, 64 * count));
        foreach (SectionRecord s in table)
        {
            damaged[(int)(s.Offset + s.Length) - 1] ^= s.Kind == kind ? (byte)1 : (byte)0;
        }

        return damaged;
    }

    static Model Sum()
    {
        var b = new GraphBuilder("sum");
        int x = b.Input("x", DType.Float32, new Shape(3));
        int w = b.Constant<float>("w", new Shape(3), [1, 2, 3]);
        b.Output(b.Node(new Add(Activation.None), "sum", [x, w]));
        b.Model.Metadata.Add("source", "a test");
        return b.Model;
    }
}
