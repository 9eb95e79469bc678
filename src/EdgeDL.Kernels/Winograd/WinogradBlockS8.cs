using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Winograd;

/// <summary>A thread's scratch: the inputs of a block of tiles by frequency, their products with
/// one panel, and the sums of a line of them.</summary>
readonly unsafe struct WinogradBlockS8
{
    // Keeps the frequencies of a tile out of the same cache set.
    const int Skew = 32;

    /// <param name="s">The convolution.</param>
    /// <param name="rows">Tiles that a register tile takes.</param>
    /// <param name="columns">Output channels of a panel.</param>
    /// <param name="scratch">64-byte aligned, or null to learn the size.</param>
    public WinogradBlockS8(in ConvShape s, int rows, int columns, byte* scratch)
    {
        int tileBytes = TileGrid.Frequencies
            * (sizeof(short) * s.InChannels + sizeof(int) * columns);
        Tiles = WinogradScratch.Tiles(tileBytes, rows);
        InputStride = (nint)Tiles * s.InChannels + Skew;
        ProductStride = (nint)Tiles * columns + Skew / 2;
        byte* at = scratch;
        Outside = WinogradScratch.Take<byte>(ref at, s.InChannels);
        Top = WinogradScratch.Take<int>(ref at, (long)Tiles * TileGrid.Size * columns);
        Bottom = WinogradScratch.Take<int>(ref at, (long)Tiles * TileGrid.Size * columns);
        Inputs = WinogradScratch.Take<short>(ref at, TileGrid.Frequencies * InputStride);
        Products = WinogradScratch.Take<int>(ref at, TileGrid.Frequencies * ProductStride);
        ScratchBytes = at - scratch;
    }

    /// <summary>Most tiles of a block, whole register tiles.</summary>
    public int Tiles { get; }

    /// <summary>[frequency][tile][channel]; behind the last tile, whatever lies there.</summary>
    public short* Inputs { get; }

    /// <summary>Values from a frequency of the inputs to the next.</summary>
    public nint InputStride { get; }

    /// <summary>[frequency][tile][column of the panel].</summary>
    public int* Products { get; }

    /// <summary>Values from a frequency of the products to the next.</summary>
    public nint ProductStride { get; }

    /// <summary>A position beyond the edge, as the input stores it.</summary>
    public byte* Outside { get; }

    /// <summary>The upper output line of a line of tiles: [position][column of the panel].
    /// </summary>
    public int* Top { get; }

    /// <summary>The lower one.</summary>
    public int* Bottom { get; }

    public long ScratchBytes { get; }
}
