using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>
/// Single-precision functions for whole vectors, within about two units in the last place of the
/// exact value. The polynomials are our own Chebyshev fits; the remark beside each gives its
/// interval and relative error.
/// </summary>
public static class LaneMath
{
    const float Log2E = 1.44269504f;
    // ln 2 in two parts: the first has 9 trailing zero bits, so n·Ln2High is exact for |n| < 512.
    const float Ln2High = 0.693359375f;
    const float Ln2Low = -2.12194440e-4f;

    /// <summary>e^x, with gradual underflow; +∞ above 88.72.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Exp<TV, TL>(TV x)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
    {
        x = TL.Min(TL.Broadcast(89f), TL.Max(TL.Broadcast(-105f), x));
        TV n = TL.Round(TL.Multiply(x, TL.Broadcast(Log2E)));
        TV y = TL.Add(TL.Broadcast(1f), ExpM1Reduced<TV, TL>(x, n));
        // 2^n in two factors: n reaches 128 and −151, which no single float exponent holds.
        TV half = TL.Floor(TL.Multiply(n, TL.Broadcast(0.5f)));
        TV rest = TL.Subtract(n, half);
        return TL.Multiply(TL.Multiply(y, TL.PowerOfTwo(half)), TL.PowerOfTwo(rest));
    }

    /// <summary>e^x − 1 without cancellation near 0, for x ≤ 88; −1 below −18.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV ExpM1<TV, TL>(TV x)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
    {
        x = TL.Min(TL.Broadcast(88f), TL.Max(TL.Broadcast(-18f), x));
        TV n = TL.Round(TL.Multiply(x, TL.Broadcast(Log2E)));
        TV scale = TL.PowerOfTwo(n);
        TV reduced = ExpM1Reduced<TV, TL>(x, n);
        return TL.MultiplyAdd(scale, reduced, TL.Subtract(scale, TL.Broadcast(1f)));
    }

    /// <summary>e^r − 1 for r = x − n·ln 2, |r| ≤ 0.347.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV ExpM1Reduced<TV, TL>(TV x, TV n)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
    {
        TV r = TL.MultiplyAdd(n, TL.Broadcast(-Ln2High), x);
        r = TL.MultiplyAdd(n, TL.Broadcast(-Ln2Low), r);
        // (e^r − 1 − r) / r² on ±0.3469, relative error of e^r 2.3e-10.
        TV p = TL.Broadcast(1.989107466e-4f);
        p = TL.MultiplyAdd(p, r, TL.Broadcast(1.393372550e-3f));
        p = TL.MultiplyAdd(p, r, TL.Broadcast(8.333310850e-3f));
        p = TL.MultiplyAdd(p, r, TL.Broadcast(4.166646424e-2f));
        p = TL.MultiplyAdd(p, r, TL.Broadcast(1.666666668e-1f));
        p = TL.MultiplyAdd(p, r, TL.Broadcast(5.000000014e-1f));
        return TL.MultiplyAdd(TL.Multiply(r, r), p, r);
    }

    /// <summary>tanh x = sign(x) · −e / (e + 2) with e = exp(−2|x|) − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Tanh<TV, TL>(TV x)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
    {
        TV sign = TL.And(x, TL.Broadcast(-0f));
        TV e = ExpM1<TV, TL>(TL.Multiply(TL.Abs(x), TL.Broadcast(-2f)));
        TV t = TL.Divide(TL.Negate(e), TL.Add(e, TL.Broadcast(2f)));
        return TL.Or(TL.Abs(t), sign);
    }

    /// <summary>1 / (1 + e^−x), from e^−|x| so that neither side overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Logistic<TV, TL>(TV x)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
    {
        TV e = Exp<TV, TL>(TL.Negate(TL.Abs(x)));
        TV one = TL.Broadcast(1f);
        return TL.Divide(
            TL.Select(TL.Less(x, TL.Zero), e, one),
            TL.Add(one, e));
    }

    /// <summary>erf x = 2/√π ∫₀ˣ e^−t² dt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Erf<TV, TL>(TV x)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
    {
        TV a = TL.Abs(x);
        TV outer = TL.Subtract(TL.Broadcast(1f), ErfcTail<TV, TL>(a));
        outer = TL.Or(outer, TL.And(x, TL.Broadcast(-0f)));
        return TL.Select(TL.LessOrEqual(a, TL.Broadcast(1f)), ErfNear<TV, TL>(x), outer);
    }

    /// <summary>erfc x = 1 − erf x, keeping its relative precision for large x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Erfc<TV, TL>(TV x)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
    {
        TV a = TL.Abs(x);
        TV tail = ErfcTail<TV, TL>(a);
        tail = TL.Select(TL.Less(x, TL.Zero), TL.Subtract(TL.Broadcast(2f), tail), tail);
        TV near = TL.Subtract(TL.Broadcast(1f), ErfNear<TV, TL>(x));
        return TL.Select(TL.LessOrEqual(a, TL.Broadcast(0.9f)), near, tail);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV ErfNear<TV, TL>(TV x)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
    {
        // erf(√z)/√z on [0, 1], relative error 3.7e-11.
        TV z = TL.Multiply(x, x);
        TV p = TL.Broadcast(-9.667045788e-6f);
        p = TL.MultiplyAdd(p, z, TL.Broadcast(1.126595940e-4f));
        p = TL.MultiplyAdd(p, z, TL.Broadcast(-8.484080445e-4f));
        p = TL.MultiplyAdd(p, z, TL.Broadcast(5.221031809e-3f));
        p = TL.MultiplyAdd(p, z, TL.Broadcast(-2.686543073e-2f));
        p = TL.MultiplyAdd(p, z, TL.Broadcast(1.128378250e-1f));
        p = TL.MultiplyAdd(p, z, TL.Broadcast(-3.761263847e-1f));
        p = TL.MultiplyAdd(p, z, TL.Broadcast(1.128379167f));
        return TL.Multiply(p, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TV ErfcTail<TV, TL>(TV a)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
    {
        // Above 10.1 erfc is below the smallest float; the bound keeps t inside its interval.
        a = TL.Min(TL.Broadcast(10.4f), a);
        TV one = TL.Broadcast(1f);
        TV t = TL.Divide(one, TL.MultiplyAdd(a, TL.Broadcast(0.5f), one));
        // e^a² · erfc(a) / t with t = 1/(1 + a/2), a in [0.9, 10.4], relative error 5.6e-9.
        TV p = TL.Broadcast(-4.809095008e-2f);
        p = TL.MultiplyAdd(p, t, TL.Broadcast(2.518860073e-1f));
        p = TL.MultiplyAdd(p, t, TL.Broadcast(-4.484208218e-1f));
        p = TL.MultiplyAdd(p, t, TL.Broadcast(2.553883672e-1f));
        p = TL.MultiplyAdd(p, t, TL.Broadcast(-2.052773144e-2f));
        p = TL.MultiplyAdd(p, t, TL.Broadcast(2.025730172e-1f));
        p = TL.MultiplyAdd(p, t, TL.Broadcast(2.427744528e-1f));
        p = TL.MultiplyAdd(p, t, TL.Broadcast(2.824459821e-1f));
        p = TL.MultiplyAdd(p, t, TL.Broadcast(2.820817899e-1f));
        // The rounding error of a² would be multiplied by a² in the exponential: carry it along.
        TV square = TL.Multiply(a, a);
        TV lost = TL.MultiplyAdd(a, a, TL.Negate(square));
        TV e = Exp<TV, TL>(TL.Negate(square));
        e = TL.Subtract(e, TL.Multiply(e, lost));
        return TL.Multiply(TL.Multiply(p, t), e);
    }

    /// <summary>ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Softplus<TV, TL>(TV x)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
    {
        TV e = Exp<TV, TL>(TL.Negate(TL.Abs(x)));
        TV one = TL.Broadcast(1f);
        // ln(u)·e/(u − 1) with u = 1 + e undoes the rounding of 1 + e (Kahan, 1986).
        TV u = TL.Add(one, e);
        TV small = TL.Equal(u, one);
        TV ratio = TL.Divide(e, TL.Select(small, one, TL.Subtract(u, one)));
        TV log1p = TL.Select(small, e, TL.Multiply(TL.Log(u), ratio));
        return TL.Add(TL.Max(TL.Zero, x), log1p);
    }

    /// <summary>A function without a vector form of its own, one lane after the other.</summary>
    public static unsafe TV EachLane<TV, TL, TFn>(in TFn fn, TV x)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
        where TFn : struct, IUnary
    {
        float* lanes = (float*)&x;
        for (int i = 0; i < TL.Count; i++)
        {
            lanes[i] = fn.Apply(lanes[i]);
        }
        return x;
    }
}
