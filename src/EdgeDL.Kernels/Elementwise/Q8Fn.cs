using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>Scale, zero point and clamp range of one side of an 8-bit function.</summary>
public readonly record struct Q8Output(float Scale, int Zero, int Min, int Max)
{
    /// <summary>clamp(steps + zero).</summary>
    public int Clamp(int steps) => (int)Math.Clamp((long)steps + Zero, Min, Max);

    /// <summary>clamp(roundEven(real / scale) + zero); NaN gives zero.</summary>
    public int ToEven(float real)
    {
        // Clamping before rounding keeps the float inside int's range; the bounds are integers,
        // so the order does not change the result.
        float steps = MathF.Min(MathF.Max(real / Scale, Min - Zero), Max - Zero);
        return (float.IsNaN(steps) ? 0 : (int)MathF.Round(steps)) + Zero;
    }
}

/// <summary>XNNPACK's 8-bit arithmetic for sums and products.</summary>
public static class Q8Fn
{
    /// <summary>
    /// y = clamp(((za·ma + zb·mb removed) + a·ma + b·mb + 2^(shift−1)) ≫ shift) + zero): a sum or
    /// difference with 21-bit multipliers, rounded half up. The larger multiplier is in
    /// [2²⁰, 2²¹], so the sum of two products of 9-bit differences stays inside 31 bits.
    /// </summary>
    public readonly struct Add : IQ8Binary
    {
        readonly int bias;
        readonly int multiplierA;
        readonly int multiplierB;
        readonly int shift;
        readonly int zero;
        readonly int min;
        readonly int max;

        Add(float ratioA, int zeroA, float ratioB, int zeroB, in Q8Output y)
        {
            float largest = MathF.Max(MathF.Abs(ratioA), MathF.Abs(ratioB));
            shift = 20 - MathF.ILogB(largest);
            multiplierA = (int)MathF.Round(MathF.ScaleB(ratioA, shift));
            multiplierB = (int)MathF.Round(MathF.ScaleB(ratioB, shift));
            bias = (1 << (shift - 1)) - (multiplierA * zeroA) - (multiplierB * zeroB);
            zero = y.Zero;
            min = y.Min;
            max = y.Max;
        }

        public int MultiplierA => multiplierA;

        public int MultiplierB => multiplierB;

        public int Shift => shift;

        /// <summary>True if both ratios are inside XNNPACK's range [2⁻¹⁰, 2⁸).</summary>
        public static bool Takes(float scaleA, float scaleB, float scaleY)
            => scaleA / scaleY is >= 1f / 1024 and < 256f
                && scaleB / scaleY is >= 1f / 1024 and < 256f;

        public static Add Sum(float scaleA, int zeroA, float scaleB, int zeroB, in Q8Output y)
            => new(scaleA / y.Scale, zeroA, scaleB / y.Scale, zeroB, y);

        public static Add Difference(
            float scaleA, int zeroA, float scaleB, int zeroB, in Q8Output y)
            => new(scaleA / y.Scale, zeroA, -(scaleB / y.Scale), zeroB, y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Apply(int a, int b)
        {
            int sum = bias + (a * multiplierA) + (b * multiplierB);
            return Math.Min(Math.Max((sum >> shift) + zero, min), max);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TI Apply<TI, TF, TL>(TI a, TI b)
            where TI : unmanaged
            where TF : unmanaged
            where TL : struct, IQ8Lanes<TI, TF>
        {
            TI sum = TL.Add(TL.Broadcast(bias), TL.Multiply(a, TL.Broadcast(multiplierA)));
            sum = TL.Add(sum, TL.Multiply(b, TL.Broadcast(multiplierB)));
            sum = TL.Add(TL.ShiftRight(sum, shift), TL.Broadcast(zero));
            return TL.Min(TL.Max(sum, TL.Broadcast(min)), TL.Broadcast(max));
        }
    }

    /// <summary>
    /// y = round(clamp((a − za)·(b − zb)·scale)) + zero with an fp32 scale, halves to even.
    /// </summary>
    public readonly struct Mul(float scaleA, int zeroA, float scaleB, int zeroB, Q8Output y)
        : IQ8Binary
    {
        // The order of the three roundings is part of the meaning.
        readonly float scale = scaleA * scaleB / y.Scale;
        readonly float low = y.Min - y.Zero;
        readonly float high = y.Max - y.Zero;

        /// <summary>True if the product's ratio is inside XNNPACK's range [2⁻¹⁶, 2⁸).</summary>
        public static bool Takes(float scaleA, float scaleB, float scaleY)
            => scaleA * scaleB / scaleY is >= 1f / 65536 and < 256f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Apply(int a, int b)
        {
            float product = (a - zeroA) * (b - zeroB) * scale;
            return (int)MathF.Round(MathF.Min(MathF.Max(product, low), high)) + y.Zero;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TI Apply<TI, TF, TL>(TI a, TI b)
            where TI : unmanaged
            where TF : unmanaged
            where TL : struct, IQ8Lanes<TI, TF>
        {
            TI product = TL.Multiply(
                TL.Subtract(a, TL.Broadcast(zeroA)), TL.Subtract(b, TL.Broadcast(zeroB)));
            TF scaled = TL.Clamp(
                TL.Multiply(TL.ToFloat(product), TL.BroadcastFloat(scale)),
                TL.BroadcastFloat(low),
                TL.BroadcastFloat(high));
            return TL.Add(TL.Round(scaled), TL.Broadcast(y.Zero));
        }
    }
}
