using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Winograd;

/// <summary>A thread's scratch: the inputs of a block of tiles by frequency, and their products
/// with one panel.</summary>
readonly unsafe struct WinogradBlock
{
    // Inputs and products of a block stay near the core.
    const int BlockBytes = 64 * 1024;
    const int MinTiles = 12;
    const int MaxTiles = 48;

    // Keeps the frequencies of a tile out of the same cache set.
    const int Skew = 16;

    /// <param name="s">The convolution.</param>
    /// <param name="rows">Tiles that a register tile takes.</param>
    /// <param name="columns">Output channels of a panel.</param>
    /// <param name="scratch">64-byte aligned, or null to learn the size.</param>
    public WinogradBlock(in ConvShape s, int rows, int columns, byte* scratch)
    {
        int tileBytes = WinogradF32.Frequencies * sizeof(float) * (s.InChannels + columns);
        int most = Math.Clamp(BlockBytes / tileBytes, MinTiles, MaxTiles);
        Tiles = (most + rows - 1) / rows * rows;
        InputStride = (nint)Tiles * s.InChannels + Skew;
        ProductStride = (nint)Tiles * columns + Skew;
        byte* at = scratch;
        Tap = (nint*)Take(ref at, sizeof(nint));
        Rows = (byte**)Take(ref at, (long)Tiles * sizeof(byte*));
        zeroBytes = Math.Max(columns, s.InChannels) * sizeof(float);
        Zeros = (float*)Take(ref at, zeroBytes);
        Partial = (float*)Take(ref at, (long)rows * columns * sizeof(float));
        Inputs = (float*)Take(ref at, WinogradF32.Frequencies * InputStride * sizeof(float));
        Products = (float*)Take(ref at, WinogradF32.Frequencies * ProductStride * sizeof(float));
        ScratchBytes = at - scratch;
        channels = s.InChannels;
    }

    readonly int channels;
    readonly int zeroBytes;

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
        new Span<byte>(Zeros, zeroBytes).Clear();
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

    static byte* Take(ref byte* at, long bytes)
    {
        byte* taken = at;
        at += (bytes + 63) & ~63L;
        return taken;
    }
}
