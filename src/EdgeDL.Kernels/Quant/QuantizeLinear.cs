using System.Runtime.CompilerServices;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Quant;

/// <summary>
/// y[i] = roundEven(x[i] / scale) + zero, clamped to T (int8 or uint8); NaN gives the zero point.
/// x / scale is a division, as in ONNX, or a multiplication by the fp32 reciprocal, as in XNNPACK.
/// Every row gives the same bits.
/// </summary>
public static unsafe partial class QuantizeLinear
{
    /// <summary>How x / scale is computed.</summary>
    public interface ISteps
    {
        static abstract float Factor(float scale);
        static abstract float Apply(float x, float factor);
        static abstract TF Apply<TI, TF, TL>(TF x, TF factor)
            where TI : unmanaged
            where TF : unmanaged
            where TL : struct, IQ8Lanes<TI, TF>;
    }

    /// <summary>x · (1 / scale)</summary>
    public readonly struct ByReciprocal : ISteps
    {
        public static float Factor(float scale) => 1f / scale;

        public static float Apply(float x, float factor) => x * factor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TF Apply<TI, TF, TL>(TF x, TF factor)
            where TI : unmanaged
            where TF : unmanaged
            where TL : struct, IQ8Lanes<TI, TF>
            => TL.Multiply(x, factor);
    }

    /// <summary>x / scale</summary>
    public readonly struct ByDivision : ISteps
    {
        public static float Factor(float scale) => scale;

        public static float Apply(float x, float factor) => x / factor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TF Apply<TI, TF, TL>(TF x, TF factor)
            where TI : unmanaged
            where TF : unmanaged
            where TL : struct, IQ8Lanes<TI, TF>
            => TL.Divide(x, factor);
    }

    /// <summary>One implementation for one instruction set: x, factor, zero, y.</summary>
    public readonly struct Row<T, TSteps>(
        string name,
        bool isSupported,
        delegate*<ReadOnlySpan<float>, float, int, Span<T>, void> run)
        where T : unmanaged
        where TSteps : struct, ISteps
    {
        public string Name => name;
        public bool IsSupported => isSupported;
        public void Run(ReadOnlySpan<float> x, float scale, int zero, Span<T> y)
            => run(x, TSteps.Factor(scale), zero, y);
        public override string ToString() => name;
    }

    /// <summary>All rows, fastest first.</summary>
    public static Row<T, TSteps>[] Rows<T, TSteps>()
        where T : unmanaged
        where TSteps : struct, ISteps
        => [Avx2<T, TSteps>(), Vec128<T, TSteps>(), Scalar<T, TSteps>()];

    /// <summary>The first row that this CPU runs.</summary>
    public static Row<T, TSteps> Best<T, TSteps>()
        where T : unmanaged
        where TSteps : struct, ISteps
        => RunsAvx2 ? Avx2<T, TSteps>()
            : RunsVec128 ? Vec128<T, TSteps>()
            : Scalar<T, TSteps>();

    static void RunLanes<T, TSteps, TI, TF, TL>(
        ReadOnlySpan<float> x, float factor, int zero, Span<T> y)
        where T : unmanaged
        where TI : unmanaged
        where TF : unmanaged
        where TSteps : struct, ISteps
        where TL : struct, IQ8Lanes<TI, TF>
    {
        int whole = y.Length - (y.Length % TL.Count);
        TF low = TL.BroadcastFloat(Min<T>() - zero);
        TF high = TL.BroadcastFloat(Max<T>() - zero);
        TF factors = TL.BroadcastFloat(factor);
        TI offset = TL.Broadcast(zero);
        fixed (float* px = x[..y.Length])
        fixed (T* py = y)
        {
            for (int i = 0; i < whole; i += TL.Count)
            {
                TF scaled = TSteps.Apply<TI, TF, TL>(TL.LoadFloat(px + i), factors);
                TL.Store(TL.Add(TL.Round(TL.Clamp(scaled, low, high)), offset), py + i);
            }
        }
        RunScalar<T, TSteps>(x[whole..], factor, zero, y[whole..]);
    }

    static int Min<T>() => typeof(T) == typeof(sbyte) ? sbyte.MinValue : byte.MinValue;

    static int Max<T>() => typeof(T) == typeof(sbyte) ? sbyte.MaxValue : byte.MaxValue;
}
