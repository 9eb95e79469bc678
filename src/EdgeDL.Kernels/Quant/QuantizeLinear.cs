using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Quant;

/// <summary>
/// y[i] = round(x[i] / scale) + zero, clamped to T (int8 or uint8), computed as XNNPACK does: a
/// multiplication by the fp32 reciprocal, halves to even; NaN gives the zero point.
/// Every row gives the same bits.
/// </summary>
public static unsafe partial class QuantizeLinear
{
    /// <summary>One implementation for one instruction set: x, 1/scale, zero, y.</summary>
    public readonly struct Row<T>(
        string name,
        bool isSupported,
        delegate*<ReadOnlySpan<float>, float, int, Span<T>, void> run)
        where T : unmanaged
    {
        public string Name => name;
        public bool IsSupported => isSupported;
        public void Run(ReadOnlySpan<float> x, float scale, int zero, Span<T> y)
            => run(x, 1f / scale, zero, y);
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
        ReadOnlySpan<float> x, float inverse, int zero, Span<T> y)
        where T : unmanaged
        where TI : unmanaged
        where TF : unmanaged
        where TL : struct, IQ8Lanes<TI, TF>
    {
        int whole = y.Length - (y.Length % TL.Count);
        TF low = TL.BroadcastFloat(Min<T>() - zero);
        TF high = TL.BroadcastFloat(Max<T>() - zero);
        TF factor = TL.BroadcastFloat(inverse);
        TI offset = TL.Broadcast(zero);
        fixed (float* px = x[..y.Length])
        fixed (T* py = y)
        {
            for (int i = 0; i < whole; i += TL.Count)
            {
                TF scaled = TL.Multiply(TL.LoadFloat(px + i), factor);
                TL.Store(TL.Add(TL.Round(TL.Clamp(scaled, low, high)), offset), py + i);
            }
        }
        RunScalar(x[whole..], inverse, zero, y[whole..]);
    }

    static int Min<T>() => typeof(T) == typeof(sbyte) ? sbyte.MinValue : byte.MinValue;

    static int Max<T>() => typeof(T) == typeof(sbyte) ? sbyte.MaxValue : byte.MaxValue;
}
