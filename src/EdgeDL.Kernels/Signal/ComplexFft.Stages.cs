namespace EdgeDL.Kernels.Signal;

// One stage: m interleaved butterflies of one radix, in place. The order of additions and the
// point at which each product is rounded fix the bits of the fixed-point results.
public sealed unsafe partial class ComplexFft<TScalar, T>
{
    static FftComplex<T> Add(FftComplex<T> a, FftComplex<T> b) =>
        FftComplexMath<TScalar, T>.Add(a, b);

    static FftComplex<T> Subtract(FftComplex<T> a, FftComplex<T> b) =>
        FftComplexMath<TScalar, T>.Subtract(a, b);

    static FftComplex<T> Multiply(FftComplex<T> a, FftComplex<T> b) =>
        FftComplexMath<TScalar, T>.Multiply(a, b);

    static FftComplex<T> Guard(FftComplex<T> a, int divisor) =>
        FftComplexMath<TScalar, T>.Guard(a, divisor);

    // a − i·b and a + i·b.
    static FftComplex<T> MinusI(FftComplex<T> a, FftComplex<T> b) =>
        new(TScalar.Add(a.Re, b.Im), TScalar.Subtract(a.Im, b.Re));

    static FftComplex<T> PlusI(FftComplex<T> a, FftComplex<T> b) =>
        new(TScalar.Subtract(a.Re, b.Im), TScalar.Add(a.Im, b.Re));

    static void Combine2(FftComplex<T>* y, int step, int m, FftComplex<T>* tw)
    {
        for (int k = 0; k < m; k++)
        {
            FftComplex<T> a = Guard(y[k], 2);
            FftComplex<T> b = Multiply(Guard(y[k + m], 2), tw[(long)k * step]);
            y[k + m] = Subtract(a, b);
            y[k] = Add(a, b);
        }
    }

    void Combine4(FftComplex<T>* y, int step, int m, FftComplex<T>* tw)
    {
        for (int k = 0; k < m; k++)
        {
            long turn = (long)k * step;
            FftComplex<T> a = Guard(y[k], 4);
            FftComplex<T> b = Multiply(Guard(y[k + m], 4), tw[turn]);
            FftComplex<T> c = Multiply(Guard(y[k + (2 * m)], 4), tw[2 * turn]);
            FftComplex<T> d = Multiply(Guard(y[k + (3 * m)], 4), tw[3 * turn]);
            FftComplex<T> less = Subtract(a, c);
            FftComplex<T> more = Add(a, c);
            FftComplex<T> sum = Add(b, d);
            FftComplex<T> gap = Subtract(b, d);
            y[k + (2 * m)] = Subtract(more, sum);
            y[k] = Add(more, sum);
            y[k + m] = inverse ? PlusI(less, gap) : MinusI(less, gap);
            y[k + (3 * m)] = inverse ? MinusI(less, gap) : PlusI(less, gap);
        }
    }

    static void Combine3(FftComplex<T>* y, int step, int m, FftComplex<T>* tw)
    {
        T third = tw[(long)step * m].Im;
        T zero = default;
        for (int k = 0; k < m; k++)
        {
            long turn = (long)k * step;
            FftComplex<T> a = Guard(y[k], 3);
            FftComplex<T> b = Multiply(Guard(y[k + m], 3), tw[turn]);
            FftComplex<T> c = Multiply(Guard(y[k + (2 * m)], 3), tw[2 * turn]);
            FftComplex<T> sum = Add(b, c);
            FftComplex<T> gap = Subtract(b, c);
            var middle = new FftComplex<T>(
                TScalar.Subtract(a.Re, TScalar.HalfSum(sum.Re, zero)),
                TScalar.Subtract(a.Im, TScalar.HalfSum(sum.Im, zero)));
            gap = new(TScalar.Multiply(gap.Re, third), TScalar.Multiply(gap.Im, third));
            y[k] = Add(a, sum);
            y[k + (2 * m)] = MinusI(middle, gap);
            y[k + m] = PlusI(middle, gap);
        }
    }

    static void Combine5(FftComplex<T>* y, int step, int m, FftComplex<T>* tw)
    {
        FftComplex<T> p = tw[(long)step * m];
        FftComplex<T> q = tw[2L * step * m];
        for (int k = 0; k < m; k++)
        {
            long turn = (long)k * step;
            FftComplex<T> a = Guard(y[k], 5);
            FftComplex<T> b = Multiply(Guard(y[k + m], 5), tw[turn]);
            FftComplex<T> c = Multiply(Guard(y[k + (2 * m)], 5), tw[2 * turn]);
            FftComplex<T> d = Multiply(Guard(y[k + (3 * m)], 5), tw[3 * turn]);
            FftComplex<T> e = Multiply(Guard(y[k + (4 * m)], 5), tw[4 * turn]);
            FftComplex<T> be = Add(b, e);
            FftComplex<T> beGap = Subtract(b, e);
            FftComplex<T> cd = Add(c, d);
            FftComplex<T> cdGap = Subtract(c, d);
            y[k] = Add(a, Add(be, cd));
            FftComplex<T> near = Real(a, be, p.Re, cd, q.Re);
            FftComplex<T> nearTurn = Imaginary(beGap, p.Im, cdGap, q.Im);
            y[k + m] = Subtract(near, nearTurn);
            y[k + (4 * m)] = Add(near, nearTurn);
            FftComplex<T> far = Real(a, be, q.Re, cd, p.Re);
            FftComplex<T> farTurn = ImaginaryGap(cdGap, p.Im, beGap, q.Im);
            y[k + (2 * m)] = Add(far, farTurn);
            y[k + (3 * m)] = Subtract(far, farTurn);
        }
    }

    // a + s·u + t·v.
    static FftComplex<T> Real(FftComplex<T> a, FftComplex<T> s, T u, FftComplex<T> t, T v) =>
        new(
            TScalar.Add(TScalar.Add(a.Re, TScalar.Multiply(s.Re, u)), TScalar.Multiply(t.Re, v)),
            TScalar.Add(TScalar.Add(a.Im, TScalar.Multiply(s.Im, u)), TScalar.Multiply(t.Im, v)));

    // −i·(s·u + t·v).
    static FftComplex<T> Imaginary(FftComplex<T> s, T u, FftComplex<T> t, T v) =>
        new(
            TScalar.Add(TScalar.Multiply(s.Im, u), TScalar.Multiply(t.Im, v)),
            TScalar.Subtract(
                TScalar.Subtract(default, TScalar.Multiply(s.Re, u)), TScalar.Multiply(t.Re, v)));

    // −i·(s·u − t·v).
    static FftComplex<T> ImaginaryGap(FftComplex<T> s, T u, FftComplex<T> t, T v) =>
        new(
            TScalar.Subtract(TScalar.Multiply(s.Im, u), TScalar.Multiply(t.Im, v)),
            TScalar.Subtract(TScalar.Multiply(t.Re, v), TScalar.Multiply(s.Re, u)));

    void CombineAny(FftComplex<T>* y, int step, int m, int radix, FftComplex<T>* tw)
    {
        Span<FftComplex<T>> parts = work.AsSpan(0, radix);
        for (int u = 0; u < m; u++)
        {
            for (int q = 0; q < radix; q++)
            {
                parts[q] = Guard(y[u + ((long)q * m)], radix);
            }

            for (int q = 0; q < radix; q++)
            {
                long k = u + ((long)q * m);
                long turn = 0;
                FftComplex<T> sum = parts[0];
                for (int i = 1; i < radix; i++)
                {
                    turn += step * k;
                    turn -= turn >= Length ? Length : 0;
                    sum = Add(sum, Multiply(parts[i], tw[turn]));
                }

                y[k] = sum;
            }
        }
    }
}
