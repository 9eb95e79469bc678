using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

/// <summary>
/// c[i, j] = bias[j] + offset[i] + Σ_t Σ_k rows[i][taps[t] + k] · w[t, k, j] in wrapping int32, one
/// register tile.
/// </summary>
unsafe interface IGemmS8
{
    static abstract bool IsSupported { get; }

    /// <summary>MR.</summary>
    static abstract int Rows { get; }

    /// <summary>NR.</summary>
    static abstract int Columns { get; }

    /// <summary>KR: consecutive depths that lie together for one column of a panel.</summary>
    static abstract int Group { get; }

    /// <summary>Rows of a are int16 (widened when gathered), not int8.</summary>
    static abstract bool IsWide { get; }

    /// <summary>0x80 where rows are unsigned, a + 128 (a ^ 0x80): then packing takes 128 · Σ w off
    /// the bias; else 0.</summary>
    static abstract byte Flip { get; }

    /// <summary>MR rows.</summary>
    static abstract void Tile(in GemmTermsS8 terms);

    /// <summary>The first NR / 2 columns of the same; the others may be written or not.</summary>
    static abstract void Half(in GemmTermsS8 terms);

    /// <summary>The first row of the same.</summary>
    static abstract void Line(in GemmTermsS8 terms);

    /// <summary><paramref name="rows"/> rows of NR accumulators, the first
    /// <paramref name="width"/> of each to y.</summary>
    static abstract void Requantize(
        int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y, nint stride);
}

/// <summary>What a tile adds up and where the sums go.</summary>
unsafe struct GemmTermsS8
{
    // Where the members lie, for emitted code.
    public const int RowsAt = 0, TapsAt = 8, TapCountAt = 16, DepthAt = 20, PanelAt = 24;
    public const int BiasAt = 32, OffsetsAt = 40, SumsAt = 48;

    /// <summary>[MR].</summary>
    public byte** Rows;

    /// <summary>Bytes from a row's address to each of its taps.</summary>
    public nint* Taps;
    public int TapCount;

    /// <summary>Values of a tap, a multiple of KR.</summary>
    public int Depth;

    /// <summary>w[taps · depth / KR][NR][KR].</summary>
    public sbyte* Panel;

    /// <summary>[NR].</summary>
    public int* Bias;

    /// <summary>[MR].</summary>
    public int* Offsets;

    /// <summary>c = [MR][NR].</summary>
    public int* Sums;
}
