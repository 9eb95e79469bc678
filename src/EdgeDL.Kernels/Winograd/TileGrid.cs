using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Winograd;

/// <summary>The 2×2 tiles of an output by lines; those at the far edges may stick out.</summary>
readonly record struct TileGrid(int Batch, int Height, int Width)
{
    /// <summary>Output positions of a tile, each way.</summary>
    public const int Size = 2;

    /// <summary>Matrix products: one for each place of the 4×4 input of a tile.</summary>
    public const int Frequencies = 16;

    /// <summary>Whether tiles compute this convolution.</summary>
    public static bool Fits(in ConvShape s) =>
        s.KernelHeight == 3 && s.KernelWidth == 3 && s.Groups == 1 && !s.Transposed
        && s.StrideHeight == 1 && s.StrideWidth == 1
        && s.DilationHeight == 1 && s.DilationWidth == 1
        && s.KernelDepth == 1 && s.InDepth == 1 && s.OutDepth == 1;

    /// <summary>Products of the plain sum over those of tiles, which register tiles of
    /// <paramref name="rows"/> take.</summary>
    public static double Gain(in ConvShape s, int rows)
    {
        double tiles = (Of(s).Count + rows - 1) / rows * (double)rows;
        return 9.0 * s.Rows / (Frequencies * tiles);
    }

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
