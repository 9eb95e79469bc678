using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Quant;

/// <summary>
/// y[i] = (x[i] − zero) · scale for int8 or uint8 (T). Every row gives the same bits.
/// </summary>
public static unsafe partial class DequantizeLinear
{
    /// <summary>One implementation for one instruction set: x, scale, zero, y.</summary>
    public readonly struct Row<T>(
        string name,
        bool isSupported,
        delegate*<ReadOnlySpan<T>, float, int, Span<float>, void> run)
        where T : unmanaged
    {
        public string Name => name;
        public bool IsSupported => isSupported;
        public void Run(ReadOnlySpan<T> x, float scale, int zero, Span<float> y)
            => run(x, scale, zero, y);
        public override string ToString() => name;
    }

    /// <summary>All rows, fastest first.</summary>
    public static Row<T>[] Rows<T>()
        where T : unmanaged
        => [Avx2<T>(), Vec128<T>(), Scalar<T>()];

    /// <summary>The first row that this CPU runs.</summary>
    public static Row<T> Best<T>()
        where T : unmanaged
        => RunsAvx2 ? Avx2<T>()
            : RunsVec128 ? Vec128<T>()
            : Scalar<T>();

    static void RunLanes<T, TI, TF, TL>(
        ReadOnlySpan<T> x, float scale, int zero, Span<float> y)
        where T : unmanaged
        where TI : unmanaged
        where TF : unmanaged
        where TL : struct, IQ8Lanes<TI, TF>
    {
        int whole = y.Length - (y.Length % TL.Count);
        TF factor = TL.BroadcastFloat(scale);
        TI offset = TL.Broadcast(zero);
        fixed (T* px = x[..y.Length])
        fixed (float* py = y)
        {
            for (int i = 0; i < whole; i += TL.Count)
            {
                TF real = TL.ToFloat(TL.Subtract(TL.Load(px + i), offset));
                TL.StoreFloat(TL.Multiply(real, factor), py + i);
            }
        }
        RunScalar(x[whole..], scale, zero, y[whole..]);
    }
}
