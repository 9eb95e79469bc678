using System.Runtime.CompilerServices;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>real ≈ multiplier · 2^(shift − 31).</summary>
public readonly record struct FixedFactor(int Multiplier, int Shift)
{
    public static FixedFactor Of(double real)
    {
        (int multiplier, int shift) = FixedPoint.QuantizeMultiplier(real);
        return new(multiplier, shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Times(int x) => FixedPoint.MultiplyByQuantizedMultiplier(x, Multiplier, Shift);
}

/// <summary>Scale and zero point of one operand.</summary>
public readonly record struct FixedInput(float Scale, int Zero)
{
    /// <summary>The real that q stands for.</summary>
    public float Real(int q) => (q - Zero) * Scale;
}

/// <summary>
/// TensorFlow Lite's fixed-point arithmetic for two quantized operands, where XNNPACK has none.
/// Operands are int8, uint8 or int16 values. Ratios of scales are computed in fp32 or double where
/// it does.
/// </summary>
public static class FixedFn
{
    /// <summary>y = a ± b: both brought to twice the larger scale with spare bits first.</summary>
    public readonly struct Add : IBinary<long>
    {
        readonly FixedInput a;
        readonly FixedInput b;
        readonly Q8Output y;
        readonly int spareBits;
        readonly int sign;
        readonly FixedFactor factorA;
        readonly FixedFactor factorB;
        readonly FixedFactor factorY;

        Add(FixedInput a, FixedInput b, in Q8Output y, int bits, int sign)
        {
            this.a = a;
            this.b = b;
            this.y = y;
            this.sign = sign;
            // 8-bit differences have 9 bits and 16-bit ones 17: the sum stays inside 31.
            spareBits = bits == 8 ? 20 : 15;
            double twice = 2.0 * Math.Max(a.Scale, b.Scale);
            factorA = FixedFactor.Of(a.Scale / twice);
            factorB = FixedFactor.Of(b.Scale / twice);
            factorY = FixedFactor.Of(twice / ((1 << spareBits) * (double)y.Scale));
        }

        /// <summary>a + b of operands with so many bits.</summary>
        public static Add Sum(FixedInput a, FixedInput b, in Q8Output y, int bits)
            => new(a, b, y, bits, 1);

        /// <summary>a − b of operands with so many bits.</summary>
        public static Add Difference(FixedInput a, FixedInput b, in Q8Output y, int bits)
            => new(a, b, y, bits, -1);

        public long Apply(long p, long q)
        {
            int scaledA = factorA.Times(((int)p - a.Zero) << spareBits);
            int scaledB = factorB.Times(((int)q - b.Zero) << spareBits);
            return y.Clamp(factorY.Times(scaledA + (sign * scaledB)));
        }
    }

    /// <summary>y = a · b.</summary>
    public readonly struct Mul(FixedInput a, FixedInput b, Q8Output y) : IBinary<long>
    {
        readonly FixedFactor factor = FixedFactor.Of(a.Scale * b.Scale / y.Scale);

        public long Apply(long p, long q) => y.Clamp(factor.Times(
            ((int)p - a.Zero) * ((int)q - b.Zero)));
    }

    /// <summary>y = (a − b)², 8 bits only: both brought to twice the larger scale.</summary>
    public readonly struct SquaredDifference(FixedInput a, FixedInput b, Q8Output y) : IBinary<long>
    {
        const int SpareBits = 7;

        readonly FixedFactor factorA = FixedFactor.Of(a.Scale / Twice(a, b));
        readonly FixedFactor factorB = FixedFactor.Of(b.Scale / Twice(a, b));
        readonly FixedFactor factorY = FixedFactor.Of(
            Twice(a, b) * Twice(a, b) / ((1 << (2 * SpareBits)) * (double)y.Scale));

        static double Twice(FixedInput a, FixedInput b) => 2.0 * Math.Max(a.Scale, b.Scale);

        public long Apply(long p, long q)
        {
            int scaledA = factorA.Times(((int)p - a.Zero) << SpareBits);
            int scaledB = factorB.Times(((int)q - b.Zero) << SpareBits);
            int difference = scaledA - scaledB;
            return y.Clamp(factorY.Times(difference * difference));
        }
    }

    /// <summary>y = a where a ≥ 0, else a · b.</summary>
    public readonly struct PRelu(FixedInput a, FixedInput b, Q8Output y) : IBinary<long>
    {
        readonly FixedFactor positive = FixedFactor.Of(a.Scale / y.Scale);
        readonly FixedFactor negative = FixedFactor.Of(a.Scale * b.Scale / y.Scale);

        public long Apply(long p, long q)
        {
            int x = (int)p - a.Zero;
            return y.Clamp(x >= 0
                ? positive.Times(x)
                : negative.Times(x * ((int)q - b.Zero)));
        }
    }

    /// <summary>
    /// y = a / b by a Newton reciprocal of b, 8 bits only; where b is 0 the result is that of the
    /// smallest positive b.
    /// </summary>
    public readonly struct Div(FixedInput a, FixedInput b, Q8Output y) : IBinary<long>
    {
        readonly FixedFactor factor = FixedFactor.Of(a.Scale / (b.Scale * y.Scale));

        public long Apply(long p, long q)
        {
            int numerator = (int)p - a.Zero;
            int denominator = (int)q - b.Zero;
            if (denominator < 0)
            {
                numerator = -numerator;
                denominator = -denominator;
            }
            denominator = Math.Max(denominator, 1);
            (int reciprocal, int bitsOverUnit) = Gemmlowp.Reciprocal(denominator, 31);
            int headroom = Gemmlowp.LeadingSignBits(numerator);
            int quotient = FixedPoint.SaturatingRoundingDoublingHighMul(
                numerator << headroom, reciprocal);
            int shift = factor.Shift - bitsOverUnit - headroom;
            // Beyond 31 bits everything is below one half. (TensorFlow Lite shifts by 32 there,
            // which C++ does not define: for −1 / 128 LiteRT gives the least integer.)
            return y.Clamp(shift < -31 ? 0 : FixedPoint.MultiplyByQuantizedMultiplier(
                quotient, factor.Multiplier, shift));
        }
    }

    /// <summary>A comparison of the reals that a and b stand for, with eight spare bits.</summary>
    public readonly struct Comparison<TFn>(FixedInput a, FixedInput b) : ICompare<long>
        where TFn : struct, ICompare<long>
    {
        const int SpareBits = 8;

        readonly FixedFactor factorA = FixedFactor.Of(a.Scale);
        readonly FixedFactor factorB = FixedFactor.Of(b.Scale);

        public bool Apply(long p, long q) => default(TFn).Apply(
            factorA.Times(((int)p - a.Zero) << SpareBits),
            factorB.Times(((int)q - b.Zero) << SpareBits));
    }
}
