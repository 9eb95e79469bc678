using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>
/// Functions of two quantized numbers as ONNX says them: dequantize, the function in fp32,
/// quantize. Every operation of it is rounded once, in this order, so every row gives the bits
/// that the three steps give one after the other.
/// </summary>
public static class RealFn
{
    /// <summary>
    /// y = clamp(roundEven(fn((a − za)·sa, (b − zb)·sb) / sy) + zy); a NaN gives zy.
    /// </summary>
    public readonly struct Lanes<TFn>(TFn fn, FixedInput a, FixedInput b, Q8Output y) : IQ8Binary
        where TFn : struct, ILaneBinary<float>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Apply(int p, int q) => y.ToEven(fn.Apply(a.Real(p), b.Real(q)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TI Apply<TI, TF, TL>(TI p, TI q)
            where TI : unmanaged
            where TF : unmanaged
            where TL : struct, IQ8Lanes<TI, TF>
        {
            TF real = TL.Apply(fn, Real<TI, TF, TL>(p, a), Real<TI, TF, TL>(q, b));
            TF steps = TL.Clamp(
                TL.Divide(real, TL.BroadcastFloat(y.Scale)),
                TL.BroadcastFloat(y.Min - y.Zero),
                TL.BroadcastFloat(y.Max - y.Zero));
            return TL.Add(TL.Round(steps), TL.Broadcast(y.Zero));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static TF Real<TI, TF, TL>(TI q, FixedInput from)
            where TI : unmanaged
            where TF : unmanaged
            where TL : struct, IQ8Lanes<TI, TF>
            => TL.Multiply(
                TL.ToFloat(TL.Subtract(q, TL.Broadcast(from.Zero))),
                TL.BroadcastFloat(from.Scale));
    }

    /// <summary>The same, one number after the other: 16 bits, and functions without a vector
    /// form.</summary>
    public readonly struct Each<TFn>(TFn fn, FixedInput a, FixedInput b, Q8Output y)
        : IBinary<long>
        where TFn : struct, IBinary<float>
    {
        public long Apply(long p, long q) => y.ToEven(fn.Apply(a.Real((int)p), b.Real((int)q)));
    }
}
