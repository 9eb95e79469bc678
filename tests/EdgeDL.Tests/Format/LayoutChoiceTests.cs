using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeDL.Execution;
using EdgeDL.Format;
using EdgeDL.Graphs;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Winograd;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Tests.Format;

/// <summary>A node that can be computed in several ways takes the one that lies packed in the
/// file, if it is one of them.</summary>
public sealed class LayoutChoiceTests
{
    const int Channels = 16;

    static readonly SessionOptions strict = new() { RequirePackedWeights = true };

    // Whatever the rule would take, the file decides.
    [Theory]
    [InlineData(24, PackedKind.WinogradF32)]
    [InlineData(1, PackedKind.ConvF32)]
    public void The_way_that_lies_in_the_file_is_taken(int size, PackedKind byRule)
    {
        byte[] plain = Conv(kernel: 3, size);
        using Model model = Model.Load(plain, OpSet.All);
        Assert.Equal([byRule], Kinds(model.ToBytes(CpuTarget.This())));
        var asked = new List<PackedKind[]>();
        byte[] other = model.ToBytes(CpuTarget.This(), (node, layouts) =>
        {
            Assert.Same(model.Main.Nodes[0], node);
            asked.Add([.. layouts.ToArray().Select(l => l.Kind)]);
            return 1;
        });
        PackedKind[] ways = Assert.Single(asked);
        Assert.Equal(byRule, ways[0]);
        Assert.Equal([PackedKind.ConvF32, PackedKind.WinogradF32], ways.Order());
        Assert.Equal([ways[1]], Kinds(other));

        (float[] expected, _) = Run(plain, new SessionOptions { Layouts = (_, _) => 1 });
        (float[] stored, PackingReport report) = Run(other, strict);
        Assert.Equal((1, 0), (report.InPlace, report.Packed));
        Assert.Equal(expected, stored);
        // The two ways round differently, so that equal bits say which one ran.
        (float[] ruled, _) = Run(plain, new SessionOptions());
        Assert.NotEqual(ruled, stored);
        Assert.All(ruled.Zip(stored), y => Assert.Equal(y.First, y.Second, 1e-4f));
        // A file that was measured can be measured again.
        (float[] again, report) = Run(other, new SessionOptions { Layouts = (_, _) => 0 });
        Assert.Equal((0, 1), (report.InPlace, report.Packed));
        Assert.Equal(ruled, again);
    }

    [Fact]
    public void Either_way_of_an_int8_node_gives_the_same_bits()
    {
        if (WinogradS8.Best(CpuTarget.This()) is null)
        {
            return;
        }

        byte[] plain = ConvS8(size: 24);
        using Model model = Model.Load(plain, OpSet.All);
        var answers = new List<byte[]>();
        var kinds = new List<PackedKind>();
        for (int way = 0; way < 2; way++)
        {
            byte[] file = model.ToBytes(CpuTarget.This(), (_, _) => way);
            kinds.Add(Assert.Single(Kinds(file)));
            using Model packed = Model.Load(file, OpSet.All);
            using var session = new Session(packed, strict);
            new Random(2).NextBytes(session.Input(0).AsBytes());
            session.Run();
            answers.Add(session.Output(0).AsBytes().ToArray());
        }

        Assert.Equal([PackedKind.ConvS8, PackedKind.WinogradS8], kinds.Order());
        Assert.Equal(answers[0], answers[1]);
        Assert.NotEmpty(answers[0].Distinct().Skip(50));
    }

    [Fact]
    public void A_node_that_has_one_way_asks_nobody()
    {
        using Model model = Model.Load(Conv(kernel: 1, size: 24), OpSet.All);
        model.ToBytes(CpuTarget.This(), (_, _) => throw new CheckFailedException("asked"));
    }

    // A 1×1 convolution is none of Winograd's, whatever a file says.
    [Fact]
    public void A_block_of_a_way_that_does_not_compute_the_node_is_not_used()
    {
        byte[] plain = Conv(kernel: 1, size: 24);
        using Model model = Model.Load(plain, OpSet.All);
        byte[] hostile = Edited(
            model.ToBytes(CpuTarget.This()),
            (ref r) => r.Layout = r.Layout with { Kind = PackedKind.WinogradF32 });
        (float[] y, PackingReport report) = Run(hostile, new SessionOptions());
        Assert.Equal((0, 1), (report.InPlace, report.Packed));
        Assert.Equal(Run(plain, new SessionOptions()).Output, y);
    }

    // The panels of the one way are no panels of the other.
    [Fact]
    public void A_block_that_is_not_as_long_as_its_way_takes_is_refused()
    {
        using Model model = Model.Load(Conv(kernel: 3, size: 24), OpSet.All);
        byte[] hostile = Edited(
            model.ToBytes(CpuTarget.This(), (_, _) => 1),
            (ref r) => r.Layout = r.Layout with { Kind = PackedKind.WinogradF32 });
        using Model loaded = Model.Load(hostile, OpSet.All);
        var e = Assert.Throws<InvalidModelException>(() => new Session(loaded));
        Assert.Equal("section PackedIndex", e.Place);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_choice_is_one_of_those_there_are(int choice)
    {
        using Model model = Model.Load(Conv(kernel: 3, size: 24), OpSet.All);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Session(model, new SessionOptions { Layouts = (_, _) => choice }));
    }

    delegate void Edit(ref PackedRecord record);

    // An fp32 convolution at stride 1 without padding, size × size positions.
    static byte[] Conv(int kernel, int size)
    {
        var random = new Random(1);
        var b = new GraphBuilder("conv");
        int side = size + kernel - 1;
        int x = b.Input("x", DType.Float32, new Shape(1, side, side, Channels));
        var weights = new float[Channels * kernel * kernel * Channels];
        foreach (ref float w in weights.AsSpan())
        {
            w = random.NextSingle() - 0.5f;
        }

        int k = b.Constant<float>("k", new Shape(Channels, kernel, kernel, Channels), weights);
        var axis = ConvAxis.Unit;
        b.Output(b.Node(
            new Conv2D(new ConvWindow2D(axis, axis), Activation.None), "conv", [x, k]));
        return b.Model.ToBytes();
    }

    static byte[] ConvS8(int size)
    {
        var b = new GraphBuilder("conv");
        int x = b.Input(
            "x", DType.Int8, new Shape(1, size + 2, size + 2, Channels),
            new Quantization(0.05f, -7));
        var weights = new sbyte[Channels * 9 * Channels];
        new Random(1).NextBytes(MemoryMarshal.AsBytes(weights.AsSpan()));
        int k = b.Constant<sbyte>(
            "k", new Shape(Channels, 3, 3, Channels), weights, new Quantization(0.01f, 0));
        var axis = ConvAxis.Unit;
        b.Output(b.Node(
            new Conv2D(new ConvWindow2D(axis, axis), Activation.None), "conv", [x, k],
            new Quantization(0.3f, 5)));
        return b.Model.ToBytes();
    }

    static (float[] Output, PackingReport Report) Run(byte[] file, SessionOptions options)
    {
        using Model model = Model.Load(file, OpSet.All);
        using var session = new Session(model, options);
        var random = new Random(2);
        foreach (ref float x in session.Input(0).AsSpan<float>())
        {
            x = random.NextSingle() - 0.5f;
        }

        session.Run();
        return (session.Output(0).AsSpan<float>().ToArray(), session.Packing);
    }

    static PackedKind[] Kinds(byte[] file)
    {
        var kinds = new List<PackedKind>();
        Edited(file, (ref r) => kinds.Add(r.Layout.Kind));
        return [.. kinds];
    }

    static byte[] Edited(byte[] sound, Edit edit)
    {
        byte[] edited = [.. sound];
        int count = (int)MemoryMarshal.Read<FileHeader>(edited).SectionCount;
        foreach (SectionRecord s in
            MemoryMarshal.Cast<byte, SectionRecord>(edited.AsSpan(64, 64 * count)).ToArray())
        {
            if (s.Kind == SectionKind.PackedIndex)
            {
                Span<byte> records = edited.AsSpan(
                    (int)s.Offset, (int)s.Length)[Unsafe.SizeOf<PackedIndexHeader>()..];
                foreach (ref PackedRecord r in MemoryMarshal.Cast<byte, PackedRecord>(records))
                {
                    edit(ref r);
                }
            }
        }

        EdlMutator.Rehash(edited);
        return edited;
    }
}
