namespace EdgeDL.Kernels.Winograd;

/// <summary>How a thread's scratch is cut.</summary>
static unsafe class WinogradScratch
{
    // Inputs and products of a block stay near the core.
    const int BlockBytes = 64 * 1024;
    const int MinTiles = 12;
    const int MaxTiles = 48;

    /// <summary>Tiles of a block: whole register tiles of <paramref name="rows"/>.</summary>
    public static int Tiles(int tileBytes, int rows)
    {
        int most = Math.Clamp(BlockBytes / tileBytes, MinTiles, MaxTiles);
        return (most + rows - 1) / rows * rows;
    }

    /// <summary>The next <paramref name="count"/> values, aligned to 64 bytes.</summary>
    public static T* Take<T>(ref byte* at, long count)
        where T : unmanaged
    {
        byte* taken = at;
        at += (count * sizeof(T) + 63) & ~63L;
        return (T*)taken;
    }
}
