using EdgeDL.Kernels;

namespace EdgeDL.Graphs;

/// <summary>
/// A model's constant weights once more, in the layout that the kernels of one kind of CPU read.
/// </summary>
public sealed unsafe class PackedWeights
{
    readonly byte* data;

    // By node, not by number: a graph that has been changed keeps what is still its own.
    readonly Dictionary<Node, Block> blocks = new(ReferenceEqualityComparer.Instance);

    internal PackedWeights(string target, byte* data, long bytes, long fileOffset)
    {
        Target = target;
        this.data = data;
        Bytes = bytes;
        FileOffset = fileOffset;
    }

    readonly record struct Block(PackedLayout Layout, long Offset, long Bytes);

    /// <summary>The hash of the plain weights, if nobody has compared it who was to.</summary>
    internal Format.StatedHash? PlainHash { get; set; }

    /// <summary>The kind of CPU: a name of <see cref="CpuTarget"/>, or one this program does not
    /// know.</summary>
    public string Target { get; }

    /// <summary>Nodes that have packed weights.</summary>
    public int Count => blocks.Count;

    /// <summary>What they take in the file.</summary>
    public long Bytes { get; }

    /// <summary>Where they begin in the file.</summary>
    internal long FileOffset { get; }

    internal void Add(Node node, in PackedLayout layout, long offset, long bytes) =>
        blocks.Add(node, new Block(layout, offset, bytes));

    /// <exception cref="InvalidModelException">The plain weights are not those that the file was
    /// written with.</exception>
    internal void VerifyPlain()
    {
        PlainHash?.Check();
        PlainHash = null;
    }

    /// <summary>Which of the layouts a node's block has; 0 if none.</summary>
    internal int Choose(Node node, ReadOnlySpan<PackedLayout> layouts)
    {
        for (int i = 1; blocks.TryGetValue(node, out Block block) && i < layouts.Length; i++)
        {
            if (block.Layout == layouts[i])
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary>A node's block, or null if there is none of that layout.</summary>
    /// <exception cref="InvalidModelException">There is one of another size.</exception>
    internal byte* Find(Node node, in PackedLayout layout, long bytes)
    {
        if (!blocks.TryGetValue(node, out Block block) || block.Layout != layout)
        {
            return null;
        }

        if (block.Bytes != bytes)
        {
            InvalidModelException.Throw(
                "section PackedIndex", $"node '{node.Name}' has a block of {block.Bytes} bytes, "
                    + $"its layout takes {bytes}");
        }

        return data + block.Offset;
    }
}
