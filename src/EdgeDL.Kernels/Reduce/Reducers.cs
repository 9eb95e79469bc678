using System.Numerics;
using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Reduce;

/// <summary>acc ← Step(acc, x) from Identity: what a reduction does with each number.</summary>
public interface IReducer<TIn, TAcc>
    where TIn : unmanaged
    where TAcc : unmanaged
{
    static abstract TAcc Identity { get; }

    static abstract TAcc Step(TAcc acc, TIn x);
}

/// <summary>A reducer whose accumulator has the element's type, so that lanes can step.</summary>
public interface ILaneReducer<T> : IReducer<T, T>
    where T : unmanaged
{
    static abstract Vector128<T> Step(Vector128<T> acc, Vector128<T> x);

    /// <summary>Join(Step…(a), Step…(b)) of two partial results.</summary>
    static abstract T Join(T a, T b);
}

/// <summary>Σ x, in the element's type (integers wrap).</summary>
public readonly struct SumOf<T> : ILaneReducer<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.Zero;

    public static T Step(T acc, T x) => acc + x;

    public static Vector128<T> Step(Vector128<T> acc, Vector128<T> x) => acc + x;

    public static T Join(T a, T b) => a + b;
}

/// <summary>max x; NaN anywhere gives NaN.</summary>
public readonly struct MaxOf<T> : ILaneReducer<T>
    where T : unmanaged, INumber<T>
{
    // −∞ for floats, the smallest integer otherwise.
    public static T Identity => T.CreateSaturating(double.NegativeInfinity);

    public static T Step(T acc, T x) => T.Max(acc, x);

    public static Vector128<T> Step(Vector128<T> acc, Vector128<T> x) => Vector128.Max(acc, x);

    public static T Join(T a, T b) => T.Max(a, b);
}

/// <summary>min x; NaN anywhere gives NaN.</summary>
public readonly struct MinOf<T> : ILaneReducer<T>
    where T : unmanaged, INumber<T>
{
    // +∞ for floats, the largest integer otherwise.
    public static T Identity => T.CreateSaturating(double.PositiveInfinity);

    public static T Step(T acc, T x) => T.Min(acc, x);

    public static Vector128<T> Step(Vector128<T> acc, Vector128<T> x) => Vector128.Min(acc, x);

    public static T Join(T a, T b) => T.Min(a, b);
}

/// <summary>Π x, in the element's type (integers wrap).</summary>
public readonly struct ProductOf<T> : ILaneReducer<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.One;

    public static T Step(T acc, T x) => acc * x;

    public static Vector128<T> Step(Vector128<T> acc, Vector128<T> x) => acc * x;

    public static T Join(T a, T b) => a * b;
}

/// <summary>Σ |x|.</summary>
public readonly struct SumOfMagnitudes : ILaneReducer<float>
{
    public static float Identity => 0;

    public static float Step(float acc, float x) => acc + MathF.Abs(x);

    public static Vector128<float> Step(Vector128<float> acc, Vector128<float> x) =>
        acc + Vector128.Abs(x);

    public static float Join(float a, float b) => a + b;
}

/// <summary>Σ x².</summary>
public readonly struct SumOfSquares : ILaneReducer<float>
{
    public static float Identity => 0;

    public static float Step(float acc, float x) => acc + x * x;

    public static Vector128<float> Step(Vector128<float> acc, Vector128<float> x) => acc + x * x;

    public static float Join(float a, float b) => a + b;
}

/// <summary>1 where any byte is not 0.</summary>
public readonly struct AnyOf : ILaneReducer<byte>
{
    public static byte Identity => 0;

    public static byte Step(byte acc, byte x) => (byte)(acc | (x != 0 ? 1 : 0));

    public static Vector128<byte> Step(Vector128<byte> acc, Vector128<byte> x) =>
        acc | Vector128.Min(x, Vector128<byte>.One);

    public static byte Join(byte a, byte b) => (byte)(a | b);
}

/// <summary>1 where every byte is not 0.</summary>
public readonly struct AllOf : ILaneReducer<byte>
{
    public static byte Identity => 1;

    public static byte Step(byte acc, byte x) => (byte)(acc & (x != 0 ? 1 : 0));

    public static Vector128<byte> Step(Vector128<byte> acc, Vector128<byte> x) =>
        acc & Vector128.Min(x, Vector128<byte>.One);

    public static byte Join(byte a, byte b) => (byte)(a & b);
}

/// <summary>Σ x of narrower integers in a wider accumulator.</summary>
public readonly struct WideSumOf<TIn, TAcc> : IReducer<TIn, TAcc>
    where TIn : unmanaged, IBinaryInteger<TIn>
    where TAcc : unmanaged, IBinaryInteger<TAcc>
{
    public static TAcc Identity => TAcc.Zero;

    public static TAcc Step(TAcc acc, TIn x) => acc + TAcc.CreateTruncating(x);
}
