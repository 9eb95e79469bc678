using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

/// <summary>
/// c[i, j] = bias[j] + offset[i] + Σ_k a[i, k] · w[k, j] in wrapping int32, one register tile.
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

    /// <summary>
    /// a: MR rows, <paramref name="stride"/> bytes apart, of <paramref name="depth"/> values, a
    /// multiple of KR; panel = w[depth / KR][NR][KR]; c = MR × NR.
    /// </summary>
    static abstract void Tile(
        byte* a, nint stride, int depth, sbyte* panel, int* bias, int* offset, int* c);

    /// <summary>The first row of the same.</summary>
    static abstract void Line(byte* a, int depth, sbyte* panel, int* bias, int offset, int* c);

    static abstract void Requantize(
        int* acc, float* scale, int count, Requantize.Range range, byte* y);
}
