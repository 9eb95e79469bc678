using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeDL.Kernels;

namespace EdgeDL.Format;

/// <summary>
/// What a section holds. The numbers are part of the format; unknown ones are skipped.
/// </summary>
enum SectionKind : uint
{
    Graph = 1,
    Plan = 2,
    Strings = 3,
    Weights = 4,
    Labels = 5,
    Preprocessing = 6,
    Calibration = 7,
    DelegateBlob = 8,
    Metadata = 9,
    Signature = 10,
    PackedIndex = 11,
    PackedWeights = 12,
}

/// <summary>The first 64 bytes of a file.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
struct FileHeader
{
    /// <summary>
    /// "EDL" and the end-of-file character that stops a terminal from printing more.
    /// </summary>
    public const uint MagicNumber = 0x1A4C4445;

    /// <summary>Rises only for structural change.</summary>
    public const ushort CurrentVersion = 1;

    public uint Magic;
    public ushort Version;
    public ushort Flags;
    public uint SectionCount;
    public uint Reserved;
    public ulong FileLength;
    public Digest TableHash;
    public ulong Reserved2;
}

/// <summary>One line of the section table, which follows the header.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
struct SectionRecord
{
    public SectionKind Kind;
    public uint Flags;
    public ulong Offset;
    public ulong Length;
    public Digest Hash;
    public ulong Reserved;
}

/// <summary>A SHA-256 digest.</summary>
[InlineArray(Sha256.DigestBytes)]
struct Digest
{
    byte first;
}

/// <summary>
/// The head of the graph section: how many records of each kind follow, in this order.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
struct GraphSectionHeader
{
    public uint Graphs;
    public uint Values;
    public uint Nodes;
    public uint Variables;
    public uint Ints;
    public uint Floats;
    public uint AttributeBytes;
    public uint Reserved;
}

/// <summary>A graph: its slices of the value, node and int lists.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
struct GraphRecord
{
    public uint Name;
    public uint FirstValue;
    public uint ValueCount;
    public uint FirstNode;
    public uint NodeCount;

    /// <summary>Where in the ints the inputs stand; the outputs follow them.</summary>
    public uint Ends;
    public uint InputCount;
    public uint OutputCount;
}

/// <summary>A value of a graph, or a variable of the model.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
struct ValueRecord
{
    /// <summary>A flag: the data is a constant or a variable's first content.</summary>
    public const byte HasData = 1;

    /// <summary>A flag: the quantization rounds to even.</summary>
    public const byte RoundsToEven = 2;

    public uint Name;
    public byte DType;
    public byte Rank;
    public sbyte QuantAxis;
    public byte Flags;

    /// <summary>Where in the ints the extents stand.</summary>
    public uint Dims;

    /// <summary>Where in the floats the scales stand.</summary>
    public uint Scales;
    public uint ScaleCount;

    /// <summary>Where in the ints the zero points stand.</summary>
    public uint ZeroPoints;
    public uint ZeroPointCount;
    public uint BlockSize;

    /// <summary>In the weights section; a multiple of 64.</summary>
    public ulong DataOffset;
    public ulong DataLength;
}

/// <summary>A node: its op, what it reads and writes, its attribute bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
struct NodeRecord
{
    public uint Name;
    public ushort OpCode;
    public ushort InputCount;
    public ushort OutputCount;
    public ushort Reserved;

    /// <summary>
    /// Where in the ints the inputs stand (−1: left out); the outputs follow them.
    /// </summary>
    public uint Ends;
    public uint Attributes;
    public uint AttributeBytes;
}

/// <summary>
/// The head of the index of packed weights; that many <see cref="PackedRecord"/>s follow.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
struct PackedIndexHeader
{
    /// <summary>The name of the target, a string.</summary>
    public uint Target;
    public uint Count;

    /// <summary>The hashes of the two sections that the blocks were made from.</summary>
    public Digest Graph;
    public Digest Weights;

    /// <summary>From <see cref="PackedSections.HashOfRead"/>.</summary>
    public Digest Read;
    public ulong Reserved;
}

/// <summary>A node's packed weights.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
struct PackedRecord
{
    public uint Graph;
    public uint Node;
    public PackedLayout Layout;

    /// <summary>Bit i: who uses the block does not read the data of input i.</summary>
    public uint Replaced;
    public uint Reserved;

    /// <summary>In the section of packed weights; a multiple of 64.</summary>
    public ulong Offset;
    public ulong Length;
}

/// <summary>How one input is made.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
struct PreprocessingRecord
{
    public uint Input;
    public byte Kind;
    public byte Resize;
    public byte Channels;
    public byte Direct;
    public float Mean;
    public float Scale;
    public int SampleRate;
    public uint Reserved;
    public ulong Reserved2;
}
