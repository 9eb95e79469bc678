using System.Runtime.InteropServices;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Kernels;

namespace EdgeDL.Format;

/// <summary>The two sections of packed weights: their index, and the blocks themselves.</summary>
static unsafe class PackedSections
{
    const string Place = "section PackedIndex";

    /// <summary>Opens a session for the CPU and keeps what its steps packed.</summary>
    /// <param name="model">The model that is written.</param>
    /// <param name="target">The CPU.</param>
    /// <param name="choice">Decides where a node can be computed in several ways, or null.</param>
    /// <param name="head">All but the count.</param>
    public static (byte[] Index, byte[] Blocks) Write(
        Model model, CpuTarget target, LayoutChoice? choice, PackedIndexHeader head)
    {
        var filled = new SortedDictionary<(int Graph, int Node), PackedMemory.Filled>();
        using var workers = new Workers(1);
        var session = new SessionBuilder(
            model, workers, PackedMemory.ForWriting(target, choice, filled), long.MaxValue);
        try
        {
            head.Count = (uint)filled.Count;
            var index = new MemoryStream();
            var blocks = new MemoryStream();
            HashOfRead(
                model, filled.ToDictionary(
                    f => model.Graphs[f.Key.Graph].Nodes[f.Key.Node], f => f.Value.Replaced),
                head.Read);
            index.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<PackedIndexHeader>(in head)));
            foreach (((int graph, int node), PackedMemory.Filled block) in filled)
            {
                var record = new PackedRecord
                {
                    Graph = (uint)graph,
                    Node = (uint)node,
                    Layout = block.Layout,
                    Replaced = block.Replaced,
                    Offset = (ulong)blocks.Length,
                    Length = (ulong)block.Bytes,
                };
                index.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<PackedRecord>(in record)));
                blocks.Write(
                    new ReadOnlySpan<byte>((void*)block.Data, checked((int)block.Bytes)));
                blocks.SetLength(EdgeDL.Memory.Arena.Align(blocks.Length));
                blocks.Position = blocks.Length;
            }

            return (index.ToArray(), blocks.ToArray());
        }
        finally
        {
            session.Arena.Dispose();
        }
    }

    /// <summary>
    /// The hash of the hashes of all constants that a session reads although every block is ready:
    /// operands of nodes that no block replaces, outputs, and what variables hold at first.
    /// </summary>
    public static void HashOfRead(
        Model model, Dictionary<Node, uint> replaced, Span<byte> digest)
    {
        var hashes = new MemoryStream();
        foreach (Graph graph in model.Graphs)
        {
            var read = new bool[graph.Values.Count];
            foreach (int output in graph.Outputs)
            {
                read[output] = true;
            }

            foreach (Node node in graph.Nodes)
            {
                uint bits = replaced.GetValueOrDefault(node);
                for (int i = 0; i < node.Inputs.Length; i++)
                {
                    bool isReplaced = i < 32 && (bits >> i & 1) != 0;
                    if (node.Inputs[i] >= 0 && !isReplaced)
                    {
                        read[node.Inputs[i]] = true;
                    }
                }
            }

            for (int v = 0; v < read.Length; v++)
            {
                Append(hashes, read[v] ? graph.Values[v].Constant : null);
            }
        }

        foreach (Variable variable in model.Variables)
        {
            Append(hashes, variable.Initial);
        }

        Sha256.Hash(hashes.ToArray(), digest);
    }

    static void Append(MemoryStream hashes, Tensors.Constant? constant)
    {
        if (constant is not null)
        {
            Span<byte> digest = stackalloc byte[Sha256.DigestBytes];
            Sha256.Hash(constant.Span, digest);
            hashes.Write(digest);
        }
    }

    /// <summary>Checks the index against the model and the blocks' section.</summary>
    public static PackedWeights Read(
        Model model, string[] strings, ReadOnlySpan<byte> index, in SectionRecord graph,
        in SectionRecord weights, in SectionRecord blocks, byte* file, WeightCheck check)
    {
        var reader = new SpanReader(index, Place);
        PackedIndexHeader head = reader.Take<PackedIndexHeader>();
        ReadOnlySpan<PackedRecord> records = reader.Take<PackedRecord>(head.Count);
        reader.End();
        if (head.Target >= (uint)strings.Length)
        {
            reader.Fail($"string {head.Target} of {strings.Length}");
        }

        if (!((ReadOnlySpan<byte>)head.Graph).SequenceEqual(graph.Hash)
            || !((ReadOnlySpan<byte>)head.Weights).SequenceEqual(weights.Hash))
        {
            reader.Fail("the blocks were packed from another graph or other weights");
        }

        var packed = new PackedWeights(
            strings[head.Target], file + blocks.Offset, (long)blocks.Length, (long)blocks.Offset);
        var replaced = new Dictionary<Node, uint>();
        ulong end = 0;
        (uint Graph, uint Node) last = default;
        foreach (PackedRecord r in records)
        {
            if (r.Graph >= (uint)model.Graphs.Count
                || r.Node >= (uint)model.Graphs[(int)r.Graph].Nodes.Count
                || (packed.Count > 0 && (r.Graph, r.Node).CompareTo(last) <= 0))
            {
                reader.Fail($"record {packed.Count} is of graph {r.Graph} node {r.Node}, which is "
                    + "not there or not behind the one before");
            }

            if (r.Offset % 64 != 0 || r.Offset < end || r.Offset > blocks.Length
                || r.Length > blocks.Length - r.Offset)
            {
                reader.Fail($"record {packed.Count}: {r.Length} bytes at {r.Offset} don't fit "
                    + $"behind {end} into {blocks.Length} bytes");
            }

            end = r.Offset + r.Length;
            last = (r.Graph, r.Node);
            packed.Add(
                model.Graphs[(int)r.Graph].Nodes[(int)r.Node], r.Layout, (long)r.Offset,
                (long)r.Length);
            replaced.Add(model.Graphs[(int)r.Graph].Nodes[(int)r.Node], r.Replaced);
        }

        if (check == WeightCheck.WhileLoading)
        {
            Span<byte> digest = stackalloc byte[Sha256.DigestBytes];
            HashOfRead(model, replaced, digest);
            if (!digest.SequenceEqual(head.Read))
            {
                InvalidModelException.Throw(
                    "section Weights", "the SHA-256 of those that are read beside the packed ones "
                        + "is not the one that the file states");
            }

            packed.PlainHash = new StatedHash(
                file + weights.Offset, (int)weights.Length, weights.Hash, "section Weights");
        }

        return packed;
    }
}
