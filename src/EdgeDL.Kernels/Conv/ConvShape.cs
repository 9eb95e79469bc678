namespace EdgeDL.Kernels.Conv;

/// <summary>
/// The numbers of a convolution over NDHWC data, 2-D ones having depth 1. A matrix product is the
/// 1×1 case: M = Rows, K = Taps · GroupDepth, N = GroupColumns. Weights are [O][D][H][W][I/groups].
/// </summary>
/// <remarks>
/// Transposed: output position p takes tap t from input q where q · stride = p + pad − t · dilation
/// if there is such a q. Pads are those of the forward convolution whose gradient it is.
/// </remarks>
public readonly record struct ConvShape
{
    public ConvShape()
    {
    }

    public int Batch { get; init; } = 1;
    public int InDepth { get; init; } = 1;
    public required int InHeight { get; init; }
    public required int InWidth { get; init; }
    public required int InChannels { get; init; }
    public int OutDepth { get; init; } = 1;
    public required int OutHeight { get; init; }
    public required int OutWidth { get; init; }
    public required int OutChannels { get; init; }
    public int KernelDepth { get; init; } = 1;
    public int KernelHeight { get; init; } = 1;
    public int KernelWidth { get; init; } = 1;
    public int StrideDepth { get; init; } = 1;
    public int StrideHeight { get; init; } = 1;
    public int StrideWidth { get; init; } = 1;
    public int DilationDepth { get; init; } = 1;
    public int DilationHeight { get; init; } = 1;
    public int DilationWidth { get; init; } = 1;
    public int PadFront { get; init; }
    public int PadTop { get; init; }
    public int PadLeft { get; init; }
    public int Groups { get; init; } = 1;
    public bool Transposed { get; init; }

    /// <summary>y[M, N] = x[M, K] · wᵀ, w of [N, K].</summary>
    public static ConvShape MatMul(int m, int k, int n) => new()
    {
        InHeight = m,
        InWidth = 1,
        InChannels = k,
        OutHeight = m,
        OutWidth = 1,
        OutChannels = n,
    };

    public int Taps => KernelDepth * KernelHeight * KernelWidth;

    /// <summary>Input channels that one output channel sees.</summary>
    public int GroupDepth => InChannels / Groups;

    public int GroupColumns => OutChannels / Groups;

    /// <summary>Products per output value.</summary>
    public int Depth => Taps * GroupDepth;

    public int RowsPerBatch => OutDepth * OutHeight * OutWidth;

    /// <summary>Output positions over all batches; the unit of work.</summary>
    public int Rows => Batch * RowsPerBatch;

    /// <summary>Row r of the output reads just row r of the input.</summary>
    public bool IsPointwise =>
        Taps == 1 && !Transposed && PadFront == 0 && PadTop == 0 && PadLeft == 0
        && StrideDepth == 1 && StrideHeight == 1 && StrideWidth == 1
        && InDepth == OutDepth && InHeight == OutHeight && InWidth == OutWidth;

    /// <summary>One tap, which never reads padding.</summary>
    internal bool IsOneTapInside =>
        Taps == 1 && !Transposed && PadFront == 0 && PadTop == 0 && PadLeft == 0
        && (OutDepth - 1L) * StrideDepth < InDepth
        && (OutHeight - 1L) * StrideHeight < InHeight
        && (OutWidth - 1L) * StrideWidth < InWidth;

    /// <summary>Taps along the width lie side by side in memory.</summary>
    internal bool HasContiguousWidth => Groups == 1 && DilationWidth == 1;
}
