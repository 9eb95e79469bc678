using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>Exponentials, logarithms, circular and hyperbolic functions.</summary>
public static partial class UnaryFn
{
    /// <summary>eˣ</summary>
    public readonly struct Exp : IUnary
    {
        public float Apply(float x) => (float)Math.Exp(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.Exp<TV, TL>(x);
    }

    /// <summary>ln x</summary>
    public readonly struct Log : IUnary
    {
        public float Apply(float x) => (float)Math.Log(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Log(x);
    }

    /// <summary>sin x, x in radians.</summary>
    public readonly struct Sin : IUnary
    {
        public float Apply(float x) => (float)Math.Sin(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Sin(x);
    }

    /// <summary>cos x, x in radians.</summary>
    public readonly struct Cos : IUnary
    {
        public float Apply(float x) => (float)Math.Cos(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Cos(x);
    }

    /// <summary>tan x, x in radians.</summary>
    public readonly struct Tan : IUnary
    {
        public float Apply(float x) => (float)Math.Tan(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.EachLane<TV, TL, Tan>(this, x);
    }

    /// <summary>tanh x</summary>
    public readonly struct Tanh : IUnary
    {
        public float Apply(float x) => (float)Math.Tanh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.Tanh<TV, TL>(x);
    }

    /// <summary>sinh x</summary>
    public readonly struct Sinh : IUnary
    {
        public float Apply(float x) => (float)Math.Sinh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.EachLane<TV, TL, Sinh>(this, x);
    }

    /// <summary>cosh x</summary>
    public readonly struct Cosh : IUnary
    {
        public float Apply(float x) => (float)Math.Cosh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.EachLane<TV, TL, Cosh>(this, x);
    }

    /// <summary>arcsin x</summary>
    public readonly struct Asin : IUnary
    {
        public float Apply(float x) => (float)Math.Asin(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.EachLane<TV, TL, Asin>(this, x);
    }

    /// <summary>arccos x</summary>
    public readonly struct Acos : IUnary
    {
        public float Apply(float x) => (float)Math.Acos(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.EachLane<TV, TL, Acos>(this, x);
    }

    /// <summary>arctan x</summary>
    public readonly struct Atan : IUnary
    {
        public float Apply(float x) => (float)Math.Atan(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.EachLane<TV, TL, Atan>(this, x);
    }

    /// <summary>arsinh x</summary>
    public readonly struct Asinh : IUnary
    {
        public float Apply(float x) => (float)Math.Asinh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.EachLane<TV, TL, Asinh>(this, x);
    }

    /// <summary>arcosh x</summary>
    public readonly struct Acosh : IUnary
    {
        public float Apply(float x) => (float)Math.Acosh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.EachLane<TV, TL, Acosh>(this, x);
    }

    /// <summary>artanh x</summary>
    public readonly struct Atanh : IUnary
    {
        public float Apply(float x) => (float)Math.Atanh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.EachLane<TV, TL, Atanh>(this, x);
    }

    /// <summary>erf x = 2/√π ∫₀ˣ e^−t² dt</summary>
    public readonly struct Erf : IUnary
    {
        public float Apply(float x) => (float)ScalarMath.Erf(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.Erf<TV, TL>(x);
    }

    /// <summary>ln(1 + x)</summary>
    public readonly struct Log1p : IUnary
    {
        public float Apply(float x) => (float)ScalarMath.Log1p(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.EachLane<TV, TL, Log1p>(this, x);
    }

    /// <summary>eˣ − 1</summary>
    public readonly struct Expm1 : IUnary
    {
        public float Apply(float x) => (float)ScalarMath.ExpM1(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.EachLane<TV, TL, Expm1>(this, x);
    }
}
