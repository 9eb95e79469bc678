using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>Functions of two numbers that have a vector form.</summary>
public static partial class BinaryFn
{
    /// <summary>a + b; integers wrap.</summary>
    public readonly struct Add<T> : ILaneBinary<T>
        where T : unmanaged, INumber<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply(T a, T b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV a, TV b)
            where TV : unmanaged
            where TL : struct, ILanes<T, TV>
            => TL.Add(a, b);
    }

    /// <summary>a − b; integers wrap.</summary>
    public readonly struct Sub<T> : ILaneBinary<T>
        where T : unmanaged, INumber<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply(T a, T b) => a - b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV a, TV b)
            where TV : unmanaged
            where TL : struct, ILanes<T, TV>
            => TL.Subtract(a, b);
    }

    /// <summary>a · b; integers wrap.</summary>
    public readonly struct Mul<T> : ILaneBinary<T>
        where T : unmanaged, INumber<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply(T a, T b) => a * b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV a, TV b)
            where TV : unmanaged
            where TL : struct, ILanes<T, TV>
            => TL.Multiply(a, b);
    }

    /// <summary>The larger; NaN if either is.</summary>
    public readonly struct Maximum<T> : ILaneBinary<T>
        where T : unmanaged, INumber<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply(T a, T b) => T.Max(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV a, TV b)
            where TV : unmanaged
            where TL : struct, ILanes<T, TV>
            => TL.Select(
                TL.Equal(a, a), TL.Max(a, b), a);
    }

    /// <summary>The smaller; NaN if either is.</summary>
    public readonly struct Minimum<T> : ILaneBinary<T>
        where T : unmanaged, INumber<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply(T a, T b) => T.Min(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV a, TV b)
            where TV : unmanaged
            where TL : struct, ILanes<T, TV>
            => TL.Select(
                TL.Equal(a, a), TL.Min(a, b), a);
    }

    /// <summary>(a − b)²; integers wrap.</summary>
    public readonly struct SquaredDifference<T> : ILaneBinary<T>
        where T : unmanaged, INumber<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply(T a, T b) => (a - b) * (a - b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV a, TV b)
            where TV : unmanaged
            where TL : struct, ILanes<T, TV>
            => TL.Multiply(TL.Subtract(a, b), TL.Subtract(a, b));
    }

    /// <summary>a &amp; b</summary>
    public readonly struct And<T> : ILaneBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply(T a, T b) => a & b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV a, TV b)
            where TV : unmanaged
            where TL : struct, ILanes<T, TV>
            => TL.And(a, b);
    }

    /// <summary>a | b</summary>
    public readonly struct Or<T> : ILaneBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply(T a, T b) => a | b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV a, TV b)
            where TV : unmanaged
            where TL : struct, ILanes<T, TV>
            => TL.Or(a, b);
    }

    /// <summary>a ^ b</summary>
    public readonly struct Xor<T> : ILaneBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply(T a, T b) => a ^ b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV a, TV b)
            where TV : unmanaged
            where TL : struct, ILanes<T, TV>
            => TL.Xor(a, b);
    }

    /// <summary>a / b</summary>
    public readonly struct Div : ILaneBinary<float>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Apply(float a, float b) => a / b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV a, TV b)
            where TV : unmanaged
            where TL : struct, ILanes<float, TV>
            => TL.Divide(a, b);
    }

    /// <summary>min(max(fn(a, b), low), high): an activation fused into a function.</summary>
    public readonly struct Clamped<T, TFn>(TFn fn, T low, T high) : ILaneBinary<T>
        where T : unmanaged, INumber<T>
        where TFn : struct, ILaneBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply(T a, T b) => T.Min(T.Max(fn.Apply(a, b), low), high);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV a, TV b)
            where TV : unmanaged
            where TL : struct, ILanes<T, TV>
            => TL.Min(
                TL.Broadcast(high),
                TL.Max(TL.Broadcast(low), fn.Apply<TV, TL>(a, b)));
    }
}
