using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Winograd;

/// <summary>The 2×2 tiles of an output by lines; those at the far edges may stick out.</summary>
readonly record struct TileGrid(int Batch, int Height, int Width)
{
    /// <summary>Output positions of a tile, each way.</summary>
    public const int Size = 2;

    public static TileGrid Of(in ConvShape s) => new(
        s.Batch, (s.OutHeight + Size - 1) / Size, (s.OutWidth + Size - 1) / Size);

    public int Count => Batch * Height * Width;

    /// <summary>Tiles from this one to the end of its line.</summary>
    public int LeftInLine(int tile) => Width - tile % Width;

    public TilePlace At(int tile)
    {
        (int line, int x) = Math.DivRem(tile, Width);
        (int batch, int y) = Math.DivRem(line, Height);
        return new TilePlace(batch, y * Size, x * Size);
    }
}

/// <summary>The first output position of a tile.</summary>
readonly record struct TilePlace(int Batch, int Y, int X);
