using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Winograd;

/// <summary>A thread's scratch: the inputs of a block of tiles by frequency, and their products
/// with one panel.</summary>
readonly unsafe struct WinogradBlockF32
{
    // Keeps the frequencies of a tile out of the same cache set.
    const int Skew = 16;

    /// <param name="s">The convolution.</param>
    /// <param name="rows">Tiles that a register tile takes.</param>
    /// <param name="columns">Output channels of a panel.</param>
    /// <param name="scratch">64-byte aligned, or null to learn the size.</param>
    public WinogradBlockF32(in ConvShape s, int rows, int columns, byte* scratch)
    {
        int tileBytes = TileGrid.Frequencies * sizeof(float) * (s.InChannels + columns);
        Tiles = WinogradScratch.Tiles(tileBytes, rows);
        InputStride = (nint)Tiles * s.InChannels + Skew;
        ProductStride = (nint)Tiles * columns + Skew;
        byte* at = scratch;
        Tap = WinogradScratch.Take<nint>(ref at, 1);
        Rows = (byte**)WinogradScratch.Take<nint>(ref at, Tiles);
        zeros = Math.Max(columns, s.InChannels);
        Zeros = WinogradScratch.Take<float>(ref at, zeros);
        Partial = WinogradScratch.Take<float>(ref at, (long)rows * columns);
        Inputs = WinogradScratch.Take<float>(ref at, TileGrid.Frequencies * InputStride);
        Products = WinogradScratch.Take<float>(ref at, TileGrid.Frequencies * ProductStride);
        ScratchBytes = at - scratch;
        channels = s.InChannels;
    }

    readonly int channels;
    readonly int zeros;

    /// <summary>Most tiles of a block, whole register tiles.</summary>
    public int Tiles { get; }

    /// <summary>[frequency][tile][channel].</summary>
    public float* Inputs { get; }

    /// <summary>Floats from a frequency of the inputs to the next.</summary>
    public nint InputStride { get; }

    /// <summary>[frequency][tile][column of the panel].</summary>
    public float* Products { get; }

    /// <summary>Floats from a frequency of the products to the next.</summary>
    public nint ProductStride { get; }

    /// <summary>The first frequency of each tile's input.</summary>
    public byte** Rows { get; }

    /// <summary>Bytes to the frequency that is being multiplied.</summary>
    public nint* Tap { get; }

    /// <summary>As many as a panel has columns, and the input channels.</summary>
    public float* Zeros { get; }

    /// <summary>A register tile's sums, on their way.</summary>
    public float* Partial { get; }

    public long ScratchBytes { get; }

    /// <summary>Sets up what no tile changes.</summary>
    public void Start()
    {
        new Span<float>(Zeros, zeros).Clear();
        for (int i = 0; i < Tiles; i++)
        {
            Rows[i] = (byte*)(Inputs + (nint)i * channels);
        }
    }

    /// <summary>Fills the last register tile up with the last of <paramref name="count"/> tiles,
    /// which are the last of a run.</summary>
    public void RepeatLast(int count)
    {
        for (int i = count; i < Tiles; i++)
        {
            Rows[i] = Rows[count - 1];
        }
    }
}
