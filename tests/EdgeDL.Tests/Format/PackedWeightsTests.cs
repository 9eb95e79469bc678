using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeDL.Execution;
using EdgeDL.Format;
using EdgeDL.Graphs;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Conv;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using EdgeDL.Tests.Ops;

namespace EdgeDL.Tests.Format;

/// <summary>Weights that lie packed in the file: the same bits, and no wrong read.</summary>
public sealed class PackedWeightsTests
{
    static readonly byte[] file = Load(Case()).ToBytes(CpuTarget.This());

    static readonly SessionOptions strict = new() { RequirePackedWeights = true };

    delegate void Edit(ref PackedIndexHeader head, Span<PackedRecord> records);

    // Every op on every target: what this CPU can read in place, and what it packs itself.
    [Fact]
    public void Every_op_gives_the_same_bits_packed_for_any_target()
    {
        int ready = 0;
        foreach (OpCase c in OpCaseTests.All)
        {
            using Model built = Load(c);
            byte[] plain = built.ToBytes();
            (byte[] expected, PackingReport report) = Run(plain, new SessionOptions());
            Assert.Equal((0, null), (report.InPlace, report.Warning));
            (byte[] own, PackingReport packed) = Run(built.ToBytes(CpuTarget.This()), strict);
            Assert.Equal(expected, own);
            Assert.Equal((report.Packed, 0), (packed.InPlace, packed.Packed));
            ready += packed.InPlace;
            foreach (CpuTarget target in report.Packed == 0 ? [] : CpuTarget.All())
            {
                (byte[] foreign, PackingReport other) =
                    Run(built.ToBytes(target), new SessionOptions());
                Assert.Equal(expected, foreign);
                Assert.Equal(target.Name, other.FileTarget);
                Assert.Equal(report.Packed, other.InPlace + other.Packed);
                Assert.Equal(other.Packed > 0, other.Warning is not null);
            }
        }

        Assert.InRange(ready, 50, int.MaxValue);
    }

    [Fact]
    public void A_foreign_file_is_refused_on_demand_by_name()
    {
        CpuTarget foreign = CpuTarget.Find(
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "x64-v3" : "armv8")!;
        using Model built = Load(Case());
        using Model model = Model.Load(built.ToBytes(foreign), OpSet.All);
        var e = Assert.Throws<PackedTargetException>(() => new Session(model, strict));
        Assert.Equal((foreign.Name, CpuTarget.This().Name), (e.FileTarget, e.CpuTarget));
        Assert.Contains(foreign.Name, e.Message);
        Assert.Contains("--target", e.Message);
        using Model plain = Model.Load(built.ToBytes(), OpSet.All);
        Assert.Null(Assert.Throws<PackedTargetException>(() => new Session(plain, strict))
            .FileTarget);
    }

    [Fact]
    public void Sound_files_are_written_as_they_are_read()
    {
        using Model model = Model.Load(file, OpSet.All);
        Assert.Equal(file, model.ToBytes(CpuTarget.This()));
        using Model plain = Model.Load(model.ToBytes(), OpSet.All);
        Assert.Null(plain.Packed);
    }

    [Fact]
    public void An_index_that_does_not_hold_is_refused_while_loading()
    {
        Refused((ref head, records) => records[0].Offset += 64);
        Refused((ref head, records) => records[0].Offset += 1);
        Refused((ref head, records) => records[0].Offset = ulong.MaxValue - 63);
        Refused((ref head, records) => records[0].Length = ulong.MaxValue);
        Refused((ref head, records) => records[0].Length += 64);
        Refused((ref head, records) => records[0].Node = 7);
        Refused((ref head, records) => records[0].Node = uint.MaxValue);
        Refused((ref head, records) => records[0].Graph = 1);
        Refused((ref head, records) => head.Count = 2);
        Refused((ref head, records) => head.Count = 0);
        Refused((ref head, records) => head.Count = uint.MaxValue);
        Refused((ref head, records) => head.Target = uint.MaxValue);
        Refused((ref head, records) => head.Graph[0] ^= 1);
        Refused((ref head, records) => head.Weights[31] ^= 1);
        Refused((ref head, records) => head.Read[31] ^= 1);
        Refused((ref head, records) => records[0].Replaced = 0);
    }

    [Fact]
    public void Blocks_that_overlap_or_stand_twice_are_refused()
    {
        using Model model = Load(Case());
        // The same node once more, after itself.
        Node node = model.Main.Nodes[0];
        Value y = model.Main.Values[node.Outputs[0]];
        model.Main.Values.Add(new Value
        {
            Name = "y again", DType = y.DType, Shape = y.Shape, Quant = y.Quant,
        });
        model.Main.Nodes.Add(new Node(
            "again", node.Op, node.Inputs, [model.Main.Values.Count - 1]));
        (model.Notes, model.Plan) = (null, null);
        byte[] two = model.ToBytes(CpuTarget.This());
        using (Model sound = Model.Load(two, OpSet.All))
        {
            Assert.Equal(2, sound.Packed!.Count);
        }

        Refused(two, (ref head, records) => records[1].Offset = records[0].Offset);
        Refused(two, (ref head, records) => records[1].Offset -= 64);
        Refused(two, (ref head, records) => records[1].Node = records[0].Node);
        Refused(two, (ref head, records) => (records[0].Node, records[1].Node) = (1, 0));
    }

    [Fact]
    public void A_block_of_the_wrong_length_is_refused_when_it_is_asked_for()
    {
        byte[] shorter = Edited(file, (ref head, records) => records[0].Length -= 64);
        using Model model = Model.Load(shorter, OpSet.All);
        var e = Assert.Throws<InvalidModelException>(() => new Session(model));
        Assert.Equal("section PackedIndex", e.Place);
    }

    [Fact]
    public void A_block_of_another_layout_is_not_used()
    {
        byte[] other = Edited(file, (ref head, records) =>
            records[0].Layout = records[0].Layout with { Columns = 999 });
        (byte[] output, PackingReport report) = Run(other, new SessionOptions());
        Assert.Equal((0, 1), (report.InPlace, report.Packed));
        Assert.Equal(Run(file, strict).Output, output);
    }

    [Fact]
    public void An_index_without_blocks_is_refused()
    {
        byte[] lost = [.. file];
        foreach (ref SectionRecord s in Table(lost))
        {
            s.Kind = s.Kind == SectionKind.PackedWeights ? (SectionKind)999 : s.Kind;
        }

        EdlMutator.Rehash(lost);
        var e = Assert.Throws<InvalidModelException>(() => Model.Load(lost, OpSet.All));
        Assert.Contains("PackedWeights is missing", e.Finding);
    }

    // What a program that does not know the sections does with them.
    [Fact]
    public void Unknown_sections_leave_a_plain_model()
    {
        byte[] older = [.. file];
        foreach (ref SectionRecord s in Table(older))
        {
            s.Kind = s.Kind >= SectionKind.PackedIndex ? s.Kind + 100 : s.Kind;
        }

        EdlMutator.Rehash(older);
        (byte[] output, PackingReport report) = Run(older, new SessionOptions());
        Assert.Equal((null, 1), (report.FileTarget, report.Packed));
        Assert.Equal(Run(file, strict).Output, output);
    }

    [Fact]
    public void Damaged_blocks_are_found_while_loading_or_on_request()
    {
        byte[] damaged = [.. file];
        foreach (SectionRecord s in Table(damaged))
        {
            damaged[(int)s.Offset] ^= s.Kind == SectionKind.PackedWeights ? (byte)1 : (byte)0;
        }

        var e = Assert.Throws<InvalidModelException>(() => Model.Load(damaged, OpSet.All));
        Assert.Equal("section PackedWeights", e.Place);
        using Model model = Model.Load(damaged, OpSet.All, WeightCheck.OnRequest);
        using var session = new Session(model, strict);
        session.Run();
        e = Assert.Throws<InvalidModelException>(model.VerifyWeights);
        Assert.Equal("section PackedWeights", e.Place);
    }

    [Fact]
    public void Plain_weights_that_blocks_replace_are_hashed_before_they_are_packed()
    {
        byte[] own = Damaged(Dense(CpuTarget.This()), [1, 2, 3, 4, 5, 6]);
        using (Model model = Model.Load(own, OpSet.All))
        {
            using var session = new Session(model, strict);
            session.Run();
            Assert.Equal("section Weights", Assert.Throws<InvalidModelException>(
                model.VerifyWeights).Place);
            Assert.Throws<InvalidModelException>(() => model.ToBytes());
        }

        CpuTarget foreign = CpuTarget.All().First(t =>
            ConvF32.Best(t).Layout(default) != ConvF32.Best().Layout(default));
        using Model other = Model.Load(Damaged(Dense(foreign), [1, 2, 3, 4, 5, 6]), OpSet.All);
        Assert.Equal("section Weights", Assert.Throws<InvalidModelException>(
            () => new Session(other)).Place);
    }

    [Fact]
    public void Plain_weights_that_are_read_beside_blocks_are_hashed_while_loading()
    {
        byte[] damaged = Damaged(Dense(CpuTarget.This()), [7, 8]);
        var e = Assert.Throws<InvalidModelException>(() => Model.Load(damaged, OpSet.All));
        Assert.Equal("section Weights", e.Place);
    }

    [Fact]
    public void A_packed_file_survives_every_cut_flip_and_mutation()
    {
        EdlFuzz.All(
            "packed", file, Settings.Count(1500, int.MaxValue), Settings.Count(1500, 20_000),
            Settings.Count(3000, 20_000), 1);
    }

    // int8, constant weights and bias, more than one tap.
    static OpCase Case() => OpCaseTests.All.First(c => c.Op.OpCode == OpCode.Conv2D
        && c.Inputs is [{ Type: DType.Int8 }, { IsConstant: true }, { IsConstant: true }]
        && c.Inputs[1]!.Shape[1] > 1);

    // x · w + b: w is packed, b is not.
    static byte[] Dense(CpuTarget target)
    {
        var b = new GraphBuilder("dense");
        int x = b.Input("x", DType.Float32, new Shape(1, 3));
        int w = b.Constant<float>("w", new Shape(2, 3), [1, 2, 3, 4, 5, 6]);
        int y = b.Node(new FullyConnected(keepDims: false, Activation.None), "dense", [x, w]);
        int sum = b.Constant<float>("b", new Shape(2), [7, 8]);
        b.Output(b.Node(new Add(Activation.None), "sum", [y, sum]));
        return b.Model.ToBytes(target);
    }

    static byte[] Damaged(byte[] sound, ReadOnlySpan<float> weights)
    {
        byte[] damaged = [.. sound];
        damaged[damaged.AsSpan().IndexOf(MemoryMarshal.AsBytes(weights))] ^= 1;
        return damaged;
    }

    static Model Load(OpCase c) => Model.Load(OpCaseFuzz.ToFile(c), OpSet.All);

    static void Refused(Edit edit) => Refused(file, edit);

    static void Refused(byte[] sound, Edit edit)
    {
        byte[] damaged = Edited(sound, edit);
        var e = Assert.Throws<InvalidModelException>(() => Model.Load(damaged, OpSet.All));
        Assert.Contains(e.Place, (string[])["section PackedIndex", "section Weights"]);
    }

    static byte[] Edited(byte[] sound, Edit edit)
    {
        byte[] edited = [.. sound];
        foreach (SectionRecord s in Table(edited))
        {
            if (s.Kind == SectionKind.PackedIndex)
            {
                Span<byte> bytes = edited.AsSpan((int)s.Offset, (int)s.Length);
                edit(
                    ref MemoryMarshal.AsRef<PackedIndexHeader>(bytes),
                    MemoryMarshal.Cast<byte, PackedRecord>(
                        bytes[Unsafe.SizeOf<PackedIndexHeader>()..]));
            }
        }

        EdlMutator.Rehash(edited);
        return edited;
    }

    static Span<SectionRecord> Table(byte[] bytes)
    {
        int count = (int)MemoryMarshal.Read<FileHeader>(bytes).SectionCount;
        return MemoryMarshal.Cast<byte, SectionRecord>(bytes.AsSpan(64, 64 * count));
    }

    static (byte[] Output, PackingReport Report) Run(byte[] bytes, SessionOptions options)
    {
        using Model model = Model.Load(bytes, OpSet.All);
        using var session = new Session(model, options);
        var random = new Random(1);
        for (int i = 0; i < session.InputCount; i++)
        {
            // Zeros are sound indices; the operands that are packed meet none.
            Span<byte> input = session.Input(i).AsBytes();
            input.Clear();
            if (session.Packing is not { InPlace: 0, Packed: 0 })
            {
                random.NextBytes(input);
            }
        }

        var output = new List<byte>();
        session.Run();
        for (int o = 0; o < session.OutputCount; o++)
        {
            output.AddRange(session.Output(o).AsBytes());
        }

        return ([.. output], session.Packing);
    }
}
