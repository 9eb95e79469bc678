namespace EdgeDL.Kernels.MatMul;

/// <summary>int16 register tiles and the weight layout they read.</summary>
static unsafe partial class GemmS16
{
    /// <summary>Where a weight lies in panel[depth / KR][NR][KR].</summary>
    public static nint Place(int depth, int column, int nr, int kr) =>
        ((nint)(depth / kr) * nr + column) * kr + depth % kr;
}
