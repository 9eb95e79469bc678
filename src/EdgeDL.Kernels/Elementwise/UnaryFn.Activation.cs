using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>Activations.</summary>
public static partial class UnaryFn
{
    /// <summary>max(x, 0)</summary>
    public readonly struct Relu : IUnary
    {
        public float Apply(float x) => MathF.Max(x, 0f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Max(TL.Zero, x);
    }

    /// <summary>min(max(x, 0), 6)</summary>
    public readonly struct Relu6 : IUnary
    {
        public float Apply(float x) => MathF.Min(MathF.Max(x, 0f), 6f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Min(
                TL.Broadcast(6f), TL.Max(TL.Zero, x));
    }

    /// <summary>min(max(x, −1), 1)</summary>
    public readonly struct ReluN1To1 : IUnary
    {
        public float Apply(float x) => MathF.Min(MathF.Max(x, -1f), 1f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Min(
                TL.Broadcast(1f), TL.Max(TL.Broadcast(-1f), x));
    }

    /// <summary>min(max(x, 0), 1)</summary>
    public readonly struct Relu0To1 : IUnary
    {
        public float Apply(float x) => MathF.Min(MathF.Max(x, 0f), 1f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Min(
                TL.Broadcast(1f), TL.Max(TL.Zero, x));
    }

    /// <summary>min(max(x, low), high)</summary>
    public readonly struct Clip(float low, float high) : IUnary
    {
        public float Apply(float x) => MathF.Min(MathF.Max(x, low), high);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Min(
                TL.Broadcast(high), TL.Max(TL.Broadcast(low), x));
    }

    /// <summary>x where x ≥ 0, else alpha·x</summary>
    public readonly struct LeakyRelu(float alpha) : IUnary
    {
        public float Apply(float x) => x < 0f ? x * alpha : x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Select(
                TL.Less(x, TL.Zero), TL.Multiply(x, TL.Broadcast(alpha)), x);
    }

    /// <summary>x where x ≥ 0, else alpha·(eˣ − 1)  (Clevert et al., 2015)</summary>
    public readonly struct Elu(float alpha) : IUnary
    {
        public float Apply(float x) => x < 0f ? alpha * (float)ScalarMath.ExpM1(x) : x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Select(
                TL.Less(x, TL.Zero),
                TL.Multiply(LaneMath.ExpM1<TV, TL>(x), TL.Broadcast(alpha)),
                x);
    }

    /// <summary>x where x ≥ 0, else alpha·(e^(x/alpha) − 1)</summary>
    public readonly struct Celu(float alpha) : IUnary
    {
        public float Apply(float x) => x < 0f ? alpha * (float)ScalarMath.ExpM1(x / alpha) : x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Select(
                TL.Less(x, TL.Zero),
                TL.Multiply(
                    LaneMath.ExpM1<TV, TL>(TL.Divide(x, TL.Broadcast(alpha))),
                    TL.Broadcast(alpha)),
                x);
    }

    /// <summary>scale·x where x ≥ 0, else scale·alpha·(eˣ − 1)  (Klambauer et al., 2017)</summary>
    public readonly struct Selu(float alpha, float scale) : IUnary
    {
        public float Apply(float x) => x < 0f
            ? scale * alpha * (float)ScalarMath.ExpM1(x)
            : scale * x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Select(
                TL.Less(x, TL.Zero),
                TL.Multiply(LaneMath.ExpM1<TV, TL>(x), TL.Broadcast(scale * alpha)),
                TL.Multiply(x, TL.Broadcast(scale)));
    }

    /// <summary>1 / (1 + e^−x)</summary>
    public readonly struct Logistic : IUnary
    {
        public float Apply(float x) => (float)ScalarMath.Logistic(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.Logistic<TV, TL>(x);
    }

    /// <summary>x / (1 + e^−x)</summary>
    public readonly struct Silu : IUnary
    {
        public float Apply(float x) => (float)(x * ScalarMath.Logistic(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Multiply(x, LaneMath.Logistic<TV, TL>(x));
    }

    /// <summary>min(max(alpha·x + beta, 0), 1)</summary>
    public readonly struct HardSigmoid(float alpha, float beta) : IUnary
    {
        public float Apply(float x) => MathF.Min(MathF.Max((alpha * x) + beta, 0f), 1f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Min(
                TL.Broadcast(1f),
                TL.Max(
                    TL.Zero,
                    TL.MultiplyAdd(x, TL.Broadcast(alpha), TL.Broadcast(beta))));
    }

    /// <summary>x·min(max(x + 3, 0), 6) / 6  (Howard et al., 2019)</summary>
    public readonly struct HardSwish : IUnary
    {
        public float Apply(float x) => x / 6f * MathF.Max(MathF.Min(x + 3f, 6f), 0f);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Multiply(
                TL.Multiply(x, TL.Broadcast(1f / 6f)),
                TL.Min(TL.Broadcast(6f), TL.Max(TL.Zero, TL.Add(x, TL.Broadcast(3f)))));
    }

    /// <summary>x·Φ(x) = x/2 · erfc(−x/√2)  (Hendrycks and Gimpel, 2016)</summary>
    public readonly struct Gelu : IUnary
    {
        public float Apply(float x) => (float)(0.5 * x * ScalarMath.Erfc(-x * 0.70710678118654752));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Multiply(
                TL.Multiply(x, TL.Broadcast(0.5f)),
                LaneMath.Erfc<TV, TL>(TL.Multiply(x, TL.Broadcast(-0.70710678f))));
    }

    /// <summary>x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³)))</summary>
    public readonly struct GeluTanh : IUnary
    {
        public float Apply(float x) => (float)(x * ScalarMath.Logistic(
            1.5957691216057308 * (x + (0.044715 * x * x * x))));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Multiply(
                x,
                // (1 + tanh u)/2 = 1/(1 + e^−2u), which does not cancel for negative u.
                LaneMath.Logistic<TV, TL>(TL.Multiply(
                    TL.Multiply(x, TL.Broadcast(1.59576912f)),
                    TL.MultiplyAdd(
                        TL.Multiply(x, x), TL.Broadcast(0.044715f), TL.Broadcast(1f)))));
    }

    /// <summary>ln(1 + eˣ)</summary>
    public readonly struct Softplus : IUnary
    {
        public float Apply(float x) => (float)ScalarMath.Softplus(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => LaneMath.Softplus<TV, TL>(x);
    }

    /// <summary>x / (1 + |x|)</summary>
    public readonly struct Softsign : IUnary
    {
        public float Apply(float x) => x / (1f + MathF.Abs(x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Divide(x, TL.Add(TL.Broadcast(1f), TL.Abs(x)));
    }

    /// <summary>x·tanh(ln(1 + eˣ))  (Misra, 2019)</summary>
    public readonly struct Mish : IUnary
    {
        public float Apply(float x) => (float)(x * Math.Tanh(ScalarMath.Softplus(x)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Multiply(
                x, LaneMath.Tanh<TV, TL>(LaneMath.Softplus<TV, TL>(x)));
    }

    /// <summary>x where x &gt; alpha, else 0</summary>
    public readonly struct ThresholdedRelu(float alpha) : IUnary
    {
        public float Apply(float x) => x > alpha ? x : 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.And(x, TL.Less(TL.Broadcast(alpha), x));
    }

    /// <summary>x + bias below −lambda, x − bias above lambda, else 0</summary>
    public readonly struct Shrink(float lambda, float bias) : IUnary
    {
        public float Apply(float x) => x < -lambda ? x + bias : x > lambda ? x - bias : 0f;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Or(
                TL.And(
                    TL.Less(x, TL.Broadcast(-lambda)), TL.Add(x, TL.Broadcast(bias))),
                TL.And(
                    TL.Less(TL.Broadcast(lambda), x), TL.Subtract(x, TL.Broadcast(bias))));
    }

    /// <summary>The nearest of the evenly spaced values low, low + step, …, high.</summary>
    public readonly struct FakeQuant(float low, float high, float step) : IUnary
    {
        public float Apply(float x)
        {
            float steps = (MathF.Min(MathF.Max(x, low), high) - low) * (1f / step);
            return (MathF.Floor(steps + 0.5f) * step) + low;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Apply<TV, TL>(TV x)
            where TV : unmanaged
            where TL : struct, IF32Lanes<TV>
            => TL.Add(
                TL.Multiply(
                    TL.Floor(TL.Add(
                        TL.Multiply(
                            TL.Subtract(
                                TL.Min(
                                    TL.Broadcast(high), TL.Max(TL.Broadcast(low), x)),
                                TL.Broadcast(low)),
                            TL.Broadcast(1f / step)),
                        TL.Broadcast(0.5f))),
                    TL.Broadcast(step)),
                TL.Broadcast(low));
    }
}
