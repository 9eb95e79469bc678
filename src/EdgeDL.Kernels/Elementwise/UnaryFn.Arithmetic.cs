using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>Signs, rounding, powers and roots.</summary>
public static partial class UnaryFn
{
    /// <summary>|x|</summary>
    public readonly struct Abs : IUnary
    {
        public float Apply(float x) => MathF.Abs(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Abs(x);
    }

    /// <summary>−x</summary>
    public readonly struct Neg : IUnary
    {
        public float Apply(float x) => -x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Negate(x);
    }

    /// <summary>x²</summary>
    public readonly struct Square : IUnary
    {
        public float Apply(float x) => x * x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Multiply(x, x);
    }

    /// <summary>√x</summary>
    public readonly struct Sqrt : IUnary
    {
        public float Apply(float x) => MathF.Sqrt(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Sqrt(x);
    }

    /// <summary>1/√x</summary>
    public readonly struct Rsqrt : IUnary
    {
        public float Apply(float x) => 1f / MathF.Sqrt(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Divide(TL.Broadcast(1f), TL.Sqrt(x));
    }

    /// <summary>1/√x, infinite where x is not positive.</summary>
    public readonly struct RsqrtOfPositive : IUnary
    {
        public float Apply(float x) => x > 0f ? 1f / MathF.Sqrt(x) : float.PositiveInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Divide(TL.Broadcast(1f), TL.Sqrt(TL.Max(TL.Zero, x)));
    }

    /// <summary>1/x</summary>
    public readonly struct Reciprocal : IUnary
    {
        public float Apply(float x) => 1f / x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Divide(TL.Broadcast(1f), x);
    }

    /// <summary>−1, 0 or 1 by the sign of x; NaN gives 0.</summary>
    public readonly struct Sign : IUnary
    {
        public float Apply(float x) => x > 0f ? 1f : x < 0f ? -1f : 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Subtract(
                TL.And(TL.Less(TL.Zero, x), TL.Broadcast(1f)),
                TL.And(TL.Less(x, TL.Zero), TL.Broadcast(1f)));
    }

    /// <summary>⌊x⌋</summary>
    public readonly struct Floor : IUnary
    {
        public float Apply(float x) => MathF.Floor(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Floor(x);
    }

    /// <summary>⌈x⌉</summary>
    public readonly struct Ceil : IUnary
    {
        public float Apply(float x) => MathF.Ceiling(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Ceiling(x);
    }

    /// <summary>The nearest integer, halves to even.</summary>
    public readonly struct Round : IUnary
    {
        public float Apply(float x) => MathF.Round(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Round(x);
    }

    /// <summary>1 where x is 0, else 0.</summary>
    public readonly struct LogicalNot : IUnary
    {
        public float Apply(float x) => x == 0f ? 1f : 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.And(TL.Equal(x, TL.Zero), TL.Broadcast(1f));
    }

    /// <summary>1 where x is not a number, else 0.</summary>
    public readonly struct IsNan : IUnary
    {
        public float Apply(float x) => float.IsNaN(x) ? 1f : 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Select(
                TL.Equal(x, x), TL.Zero, TL.Broadcast(1f));
    }

    /// <summary>1 where x is infinite, else 0.</summary>
    public readonly struct IsInf : IUnary
    {
        public float Apply(float x) => float.IsInfinity(x) ? 1f : 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.And(
                TL.Equal(TL.Abs(x), TL.Broadcast(float.PositiveInfinity)),
                TL.Broadcast(1f));
    }
}
