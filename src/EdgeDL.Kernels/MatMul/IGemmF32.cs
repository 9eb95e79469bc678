namespace EdgeDL.Kernels.MatMul;

/// <summary>
/// c[i, j] = clamp(bias[j] + Σ_t Σ_k rows[t, i][k] · w[t, k, j]), one register tile. Every row is
/// summed in the order (t, k), so a row's bits do not depend on which tile it falls into.
/// </summary>
unsafe interface IGemmF32
{
    static abstract bool IsSupported { get; }

    /// <summary>MR.</summary>
    static abstract int Rows { get; }

    /// <summary>NR.</summary>
    static abstract int Columns { get; }

    /// <summary>
    /// MR rows. rows[t · MR + i]; panel = bias[NR], then w[taps · depth][NR]; rows of c from
    /// <paramref name="valid"/> on repeat the last valid one.
    /// </summary>
    static abstract void Tile(
        float** rows, int taps, int depth, float* panel, float* c, nint stride, int valid,
        float min, float max);

    /// <summary>One row: rows[t · step].</summary>
    static abstract void Line(
        float** rows, int step, int taps, int depth, float* panel, float* c, float min, float max);
}
