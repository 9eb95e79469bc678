using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

/// <summary>c[i, j] = Σ_k a[i, k] · w[k, j] in wrapping int32, all operands int16: whole register
/// tiles one below the other.</summary>
unsafe interface IGemmS16
{
    static abstract bool IsSupported { get; }

    /// <summary>MR.</summary>
    static abstract int Rows { get; }

    /// <summary>NR.</summary>
    static abstract int Columns { get; }

    /// <summary>KR: consecutive depths that lie together for one column of a panel.</summary>
    static abstract int Group { get; }

    /// <param name="a">[rows][depth].</param>
    /// <param name="rows">A multiple of MR.</param>
    /// <param name="depth">A multiple of 8.</param>
    /// <param name="panel">[depth / KR][NR][KR].</param>
    /// <param name="c">[rows][NR].</param>
    static abstract void Run(short* a, int rows, int depth, short* panel, int* c);

    /// <summary><paramref name="rows"/> rows of NR accumulators, the first
    /// <paramref name="width"/> of each to y.</summary>
    static abstract void Requantize(
        int* acc, int rows, float* scale, int width, Requantize.Range range, byte* y, nint stride);
}
