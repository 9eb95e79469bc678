namespace EdgeDL.Kernels.MatMul;

/// <summary>
/// c[i, j] = clamp(bias[j] + Σ_t Σ_k rows[i][taps[t] + k] · w[t, k, j]), one register tile or one
/// row. A row's bits do not depend on which tile it falls into.
/// </summary>
/// <remarks>
/// fp32 sums lose digits with their length and with a large start. So products are summed from
/// zero in the order (t, k), <see cref="MaxTerms"/> at a time, and each such sum is added to the
/// bias and those before it.
/// </remarks>
unsafe interface IGemmF32
{
    /// <summary>48 = √2304 is the best cut of the longest sums that small nets have.</summary>
    const int MaxTerms = 48;

    static abstract bool IsSupported { get; }

    /// <summary>MR.</summary>
    static abstract int Rows { get; }

    /// <summary>NR.</summary>
    static abstract int Columns { get; }

    /// <summary>MR rows; those of c from Valid on repeat the last valid one.</summary>
    static abstract void Tile(in GemmTermsF32 terms);

    /// <summary>The first NR / 2 columns of the same; the others may be written or not.</summary>
    static abstract void Half(in GemmTermsF32 terms);

    /// <summary>The first row of the same.</summary>
    static abstract void Line(in GemmTermsF32 terms);

    /// <summary>Whether there is a <see cref="PairOfLines"/>.</summary>
    static virtual bool HasPairOfLines => false;

    /// <summary>The first row by this panel and by the next, which lies
    /// <paramref name="nextPanel"/> floats further; their sums lie side by side.</summary>
    /// <remarks>The sums of a panel wait for each other, those of two do not: a product of a
    /// single row is nearly twice as fast.</remarks>
    static virtual void PairOfLines(in GemmTermsF32 terms, nint nextPanel) =>
        throw new NotSupportedException();
}

/// <summary>What a tile adds up and where the sums go.</summary>
unsafe struct GemmTermsF32
{
    /// <summary>[MR].</summary>
    public byte** Rows;

    /// <summary>Bytes from a row's address to each of its taps.</summary>
    public nint* Taps;
    public int TapCount;

    /// <summary>Terms of a tap.</summary>
    public int Depth;

    /// <summary>[taps · depth][NR].</summary>
    public float* Weights;

    /// <summary>[NR].</summary>
    public float* Bias;

    /// <summary>[MR][NR], to write to.</summary>
    public float* Partial;

    /// <summary>c, and the distance of its rows.</summary>
    public float* Sums;
    public nint Stride;

    /// <summary>Rows of c that exist.</summary>
    public int Valid;
    public float Min;
    public float Max;
}
