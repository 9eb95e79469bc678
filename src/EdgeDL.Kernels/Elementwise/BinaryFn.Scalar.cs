using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>Functions of two numbers that are computed one by one.</summary>
public static partial class BinaryFn
{
    /// <summary>a / b, rounded toward zero; 0 where b is 0; the least number by −1 wraps.</summary>
    public readonly struct DivInteger<T> : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public T Apply(T a, T b) => b == T.Zero ? T.Zero : IsMinusOne(b) ? T.Zero - a : a / b;
    }

    /// <summary>⌊a / b⌋; 0 where b is 0.</summary>
    public readonly struct FloorDivInteger<T> : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public T Apply(T a, T b) => FloorDivide(a, b);
    }

    /// <summary>a − b·⌊a / b⌋, with b's sign; 0 where b is 0.</summary>
    public readonly struct FloorModInteger<T> : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public T Apply(T a, T b)
            => b == T.Zero || IsMinusOne(b) ? T.Zero : FloorRemainder(a % b, b);
    }

    /// <summary>The remainder of a / b with a's sign; 0 where b is 0.</summary>
    public readonly struct ModInteger<T> : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public T Apply(T a, T b)
            => b == T.Zero || IsMinusOne(b) ? T.Zero : a % b;
    }

    /// <summary>aᵇ, wrapping; 0 for a negative b unless a is ±1.</summary>
    public readonly struct PowInteger<T> : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public T Apply(T a, T b) => Power(a, b);
    }

    /// <summary>a · 2ᵇ; 0 where b is not below the width.</summary>
    public readonly struct ShiftLeft<T> : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public T Apply(T a, T b)
            => InWidth(b) ? a << int.CreateTruncating(b) : T.Zero;
    }

    /// <summary>⌊a / 2ᵇ⌋; only the sign is left where b is not below the width.</summary>
    public readonly struct ShiftRight<T> : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public T Apply(T a, T b)
            => InWidth(b) ? a >> int.CreateTruncating(b)
                : T.IsNegative(a) ? T.Zero - T.One
                : T.Zero;
    }

    /// <summary>aᵇ</summary>
    public readonly struct Pow : IBinary<float>
    {
        public float Apply(float a, float b) => (float)Math.Pow(a, b);
    }

    /// <summary>The angle of the point (b, a), in (−π, π].</summary>
    public readonly struct Atan2 : IBinary<float>
    {
        public float Apply(float a, float b) => (float)Math.Atan2(a, b);
    }

    /// <summary>⌊a / b⌋</summary>
    public readonly struct FloorDiv : IBinary<float>
    {
        public float Apply(float a, float b) => MathF.Floor(a / b);
    }

    /// <summary>a − b·⌊a / b⌋, with b's sign.</summary>
    public readonly struct FloorMod : IBinary<float>
    {
        public float Apply(float a, float b) => FloorRemainder(a % b, b);
    }

    /// <summary>The remainder of a / b with a's sign.</summary>
    public readonly struct Mod : IBinary<float>
    {
        public float Apply(float a, float b) => a % b;
    }

    /// <summary>a where a ≥ 0, else a·b  (He et al., 2015)</summary>
    public readonly struct PRelu : IBinary<float>
    {
        public float Apply(float a, float b) => a < 0f ? a * b : a;
    }

    static bool IsMinusOne<T>(T b)
        where T : unmanaged, IBinaryInteger<T>
        => T.IsNegative(b) && b + T.One == T.Zero;

    static bool InWidth<T>(T b)
        where T : unmanaged, IBinaryInteger<T>
        => !T.IsNegative(b) && ulong.CreateTruncating(b) < (ulong)(Unsafe.SizeOf<T>() * 8);

    static T FloorDivide<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (b == T.Zero)
        {
            return T.Zero;
        }
        if (IsMinusOne(b))
        {
            return T.Zero - a;
        }
        T quotient = a / b;
        bool inexact = quotient * b != a;
        return inexact && T.IsNegative(a) != T.IsNegative(b) ? quotient - T.One : quotient;
    }

    static T FloorRemainder<T>(T remainder, T b)
        where T : unmanaged, INumber<T>
        => remainder != T.Zero && T.IsNegative(remainder) != T.IsNegative(b)
            ? remainder + b
            : remainder;

    static T Power<T>(T a, T b)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (T.IsNegative(b))
        {
            return a == T.One ? T.One
                : IsMinusOne(a) ? (T.IsOddInteger(b) ? a : T.One)
                : T.Zero;
        }
        T result = T.One;
        for (; b != T.Zero; b >>= 1)
        {
            if (T.IsOddInteger(b))
            {
                result *= a;
            }
            a *= a;
        }
        return result;
    }
}
