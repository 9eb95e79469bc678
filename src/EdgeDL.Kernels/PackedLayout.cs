using System.Runtime.InteropServices;

namespace EdgeDL.Kernels;

/// <summary>
/// What a block of packed weights is. Part of the file format: a layout that changes takes a new
/// number.
/// </summary>
public enum PackedKind : ushort
{
    /// <summary>Panels of <see cref="MatMul.GemmS8"/>, biases, sums, scales, fp32 biases.</summary>
    ConvS8 = 1,

    /// <summary>Panels of <see cref="MatMul.GemmF32"/> with their biases.</summary>
    ConvF32 = 2,

    /// <summary>Blocks of <see cref="Depthwise.DepthwiseS8"/>, biases, sums, scales, fp32 biases.
    /// </summary>
    DepthwiseS8 = 3,

    /// <summary>Blocks of <see cref="Depthwise.DepthwiseF32"/> with their biases.</summary>
    DepthwiseF32 = 4,

    /// <summary>int4 weights as int8.</summary>
    Nibbles = 5,

    /// <summary>Rows of nibbles that begin at whole bytes, if they don't do so in the model; fp32
    /// scales; int8 zero points.</summary>
    NibbleRows = 6,

    /// <summary>Panels of <see cref="MatMul.GemmS8"/> and sums.</summary>
    IntegerS8 = 7,

    /// <summary>Panels of <see cref="Winograd.WinogradF32"/> with their biases.</summary>
    WinogradF32 = 8,

    /// <summary>Panels of <see cref="Winograd.WinogradS8"/>, biases, sums, scales.</summary>
    WinogradS8 = 9,

    /// <summary>As <see cref="ConvS8"/>, for the <see cref="Conv.ConvPhases"/> of a transposed
    /// convolution: one without taps, then those that have some.</summary>
    PhasesS8 = 10,

    /// <summary>As <see cref="ConvF32"/>, in the same order.</summary>
    PhasesF32 = 11,
}

/// <summary>
/// All that decides the bytes of packed weights beside the weights and the graph: two rows of equal
/// layout read each other's blocks.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct PackedLayout
{
    public required PackedKind Kind { get; init; }

    /// <summary>Output channels, or lanes, that lie together: NR.</summary>
    public ushort Columns { get; init; }

    /// <summary>Depths, or taps, that lie together for one column: KR.</summary>
    public ushort Group { get; init; }

    /// <summary>0x80 where the row takes activations as unsigned, which the biases know.</summary>
    public ushort Flip { get; init; }

    /// <summary>Taps that are padded to whole groups one by one.</summary>
    public int Taps { get; init; }

    /// <summary>From <see cref="OrderOf"/> where lanes don't lie in the order of channels, else 0.
    /// </summary>
    public uint Order { get; init; }

    /// <summary>A number for an order of lanes: FNV-1a over the channel of each.</summary>
    public static uint OrderOf(int columns, Func<int, int> lane)
    {
        uint hash = 2166136261;
        for (int j = 0; j < columns; j++)
        {
            hash = unchecked((hash ^ (uint)lane(j)) * 16777619);
        }
        return hash;
    }
}
