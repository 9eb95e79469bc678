using System.Numerics;
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
public readonly record struct FixedInput(float Scale, int Zero);

/// <summary>
/// TensorFlow Lite's fixed-point arithmetic for two quantized operands, where XNNPACK has none.
/// T is sbyte, byte or short. Ratios of scales are computed in fp32 or double where it does.
/// </summary>
public static class FixedFn
{
    /// <summary>y = a ± b: both brought to twice the larger scale with spare bits first.</summary>
    public readonly struct Add<T> : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        readonly FixedInput a;
        readonly FixedInput b;
        readonly Q8Output y;
        readonly int spareBits;
        readonly int sign;
        readonly FixedFactor factorA;
        readonly FixedFactor factorB;
        readonly FixedFactor factorY;

        Add(FixedInput a, FixedInput b, in Q8Output y, int sign)
        {
            this.a = a;
            this.b = b;
            this.y = y;
            this.sign = sign;
            // 8-bit differences have 9 bits and 16-bit ones 17: the sum stays inside 31.
            spareBits = Unsafe.SizeOf<T>() == 1 ? 20 : 15;
            double twice = 2.0 * Math.Max(a.Scale, b.Scale);
            factorA = FixedFactor.Of(a.Scale / twice);
            factorB = FixedFactor.Of(b.Scale / twice);
            factorY = FixedFactor.Of(twice / ((1 << spareBits) * (double)y.Scale));
        }

        public static Add<T> Sum(FixedInput a, FixedInput b, in Q8Output y) => new(a, b, y, 1);

        public static Add<T> Difference(FixedInput a, FixedInput b, in Q8Output y)
            => new(a, b, y, -1);

        public T Apply(T p, T q)
        {
            int scaledA = factorA.Times((int.CreateTruncating(p) - a.Zero) << spareBits);
            int scaledB = factorB.Times((int.CreateTruncating(q) - b.Zero) << spareBits);
            return y.Clamp<T>(factorY.Times(scaledA + (sign * scaledB)));
        }
    }

    /// <summary>y = a · b.</summary>
    public readonly struct Mul<T>(FixedInput a, FixedInput b, Q8Output y) : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        readonly FixedFactor factor = FixedFactor.Of(a.Scale * b.Scale / y.Scale);

        public T Apply(T p, T q) => y.Clamp<T>(factor.Times(
            (int.CreateTruncating(p) - a.Zero) * (int.CreateTruncating(q) - b.Zero)));
    }

    /// <summary>y = (a − b)², 8 bits only: both brought to twice the larger scale.</summary>
    public readonly struct SquaredDifference<T>(FixedInput a, FixedInput b, Q8Output y) : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        const int SpareBits = 7;

        readonly FixedFactor factorA = FixedFactor.Of(a.Scale / Twice(a, b));
        readonly FixedFactor factorB = FixedFactor.Of(b.Scale / Twice(a, b));
        readonly FixedFactor factorY = FixedFactor.Of(
            Twice(a, b) * Twice(a, b) / ((1 << (2 * SpareBits)) * (double)y.Scale));

        static double Twice(FixedInput a, FixedInput b) => 2.0 * Math.Max(a.Scale, b.Scale);

        public T Apply(T p, T q)
        {
            int scaledA = factorA.Times((int.CreateTruncating(p) - a.Zero) << SpareBits);
            int scaledB = factorB.Times((int.CreateTruncating(q) - b.Zero) << SpareBits);
            int difference = scaledA - scaledB;
            return y.Clamp<T>(factorY.Times(difference * difference));
        }
    }

    /// <summary>y = a where a ≥ 0, else a · b.</summary>
    public readonly struct PRelu<T>(FixedInput a, FixedInput b, Q8Output y) : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        readonly FixedFactor positive = FixedFactor.Of(a.Scale / y.Scale);
        readonly FixedFactor negative = FixedFactor.Of(a.Scale * b.Scale / y.Scale);

        public T Apply(T p, T q)
        {
            int x = int.CreateTruncating(p) - a.Zero;
            return y.Clamp<T>(x >= 0
                ? positive.Times(x)
                : negative.Times(x * (int.CreateTruncating(q) - b.Zero)));
        }
    }

    /// <summary>
    /// y = a / b by a Newton reciprocal of b, 8 bits only; where b is 0 the result is that of the
    /// smallest positive b.
    /// </summary>
    public readonly struct Div<T>(FixedInput a, FixedInput b, Q8Output y) : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        readonly FixedFactor factor = FixedFactor.Of(a.Scale / (b.Scale * y.Scale));

        public T Apply(T p, T q)
        {
            int numerator = int.CreateTruncating(p) - a.Zero;
            int denominator = int.CreateTruncating(q) - b.Zero;
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
            return y.Clamp<T>(shift < -31 ? 0 : FixedPoint.MultiplyByQuantizedMultiplier(
                quotient, factor.Multiplier, shift));
        }
    }

    /// <summary>A comparison of the reals that a and b stand for, with eight spare bits.</summary>
    public readonly struct Comparison<T, TFn>(FixedInput a, FixedInput b) : ICompare<T>
        where T : unmanaged, IBinaryInteger<T>
        where TFn : struct, ICompare<int>
    {
        const int SpareBits = 8;

        readonly FixedFactor factorA = FixedFactor.Of(a.Scale);
        readonly FixedFactor factorB = FixedFactor.Of(b.Scale);

        public bool Apply(T p, T q) => default(TFn).Apply(
            factorA.Times((int.CreateTruncating(p) - a.Zero) << SpareBits),
            factorB.Times((int.CreateTruncating(q) - b.Zero) << SpareBits));
    }
}
