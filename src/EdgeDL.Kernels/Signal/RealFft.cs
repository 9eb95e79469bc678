namespace EdgeDL.Kernels.Signal;

/// <summary>
/// X[k] = Σ x[n] e^(−2πi·kn/N) for real x and even N, k = 0…N/2, through one complex transform of
/// half the length. Fixed-point results are the sum divided by 2N, or by N for k = 0 and N/2,
/// with kissfft's bits. <see cref="Inverse"/> undoes it.
/// </summary>
public sealed class RealFft<TScalar, T>
    where TScalar : struct, IFftScalar<T>
    where T : unmanaged
{
    readonly ComplexFft<TScalar, T> half;
    readonly FftComplex<T>[] turns;
    readonly FftComplex<T>[] packed;
    readonly FftComplex<T>[] mixed;

    /// <param name="length">N, even, ≥ 2.</param>
    /// <param name="inverse">True for a plan of <see cref="Inverse"/>.</param>
    public RealFft(int length, bool inverse)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length % 2, 0, nameof(length));
        Length = length;
        int n = length / 2;
        half = new ComplexFft<TScalar, T>(n, inverse);
        turns = new FftComplex<T>[n / 2];
        for (int i = 0; i < turns.Length; i++)
        {
            double phase = -Math.PI * (((double)(i + 1) / n) + 0.5);
            turns[i] = FftComplexMath<TScalar, T>.Turn(inverse ? -phase : phase);
        }

        packed = new FftComplex<T>[n];
        mixed = new FftComplex<T>[n];
    }

    /// <summary>N.</summary>
    public int Length { get; }

    /// <summary>
    /// N real numbers to N/2 + 1 complex ones; a shorter x counts as zero-padded.
    /// </summary>
    public void Forward(ReadOnlySpan<T> x, Span<FftComplex<T>> y)
    {
        int n = Length / 2;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(x.Length, Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, n + 1);
        for (int i = 0; i < n; i++)
        {
            packed[i] = new FftComplex<T>(
                2 * i < x.Length ? x[2 * i] : default,
                (2 * i) + 1 < x.Length ? x[(2 * i) + 1] : default);
        }

        half.Run(packed, mixed);
        FftComplex<T> first = FftComplexMath<TScalar, T>.Guard(mixed[0], 2);
        y[0] = new FftComplex<T>(TScalar.Add(first.Re, first.Im), default);
        y[n] = new FftComplex<T>(TScalar.Subtract(first.Re, first.Im), default);
        for (int k = 1; k <= n / 2; k++)
        {
            FftComplex<T> a = FftComplexMath<TScalar, T>.Guard(mixed[k], 2);
            FftComplex<T> b = FftComplexMath<TScalar, T>.Guard(Conjugate(mixed[n - k]), 2);
            FftComplex<T> even = FftComplexMath<TScalar, T>.Add(a, b);
            FftComplex<T> odd = FftComplexMath<TScalar, T>.Multiply(
                FftComplexMath<TScalar, T>.Subtract(a, b), turns[k - 1]);
            y[k] = new FftComplex<T>(
                TScalar.HalfSum(even.Re, odd.Re), TScalar.HalfSum(even.Im, odd.Im));
            y[n - k] = new FftComplex<T>(
                TScalar.HalfDifference(even.Re, odd.Re), TScalar.HalfDifference(odd.Im, even.Im));
        }
    }

    /// <summary>N/2 + 1 complex numbers to N real ones: N times x for floats.</summary>
    public void Inverse(ReadOnlySpan<FftComplex<T>> x, Span<T> y)
    {
        int n = Length / 2;
        ArgumentOutOfRangeException.ThrowIfLessThan(x.Length, n + 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, Length);
        packed[0] = FftComplexMath<TScalar, T>.Guard(
            new(TScalar.Add(x[0].Re, x[n].Re), TScalar.Subtract(x[0].Re, x[n].Re)), 2);
        for (int k = 1; k <= n / 2; k++)
        {
            FftComplex<T> a = FftComplexMath<TScalar, T>.Guard(x[k], 2);
            FftComplex<T> b = FftComplexMath<TScalar, T>.Guard(Conjugate(x[n - k]), 2);
            FftComplex<T> even = FftComplexMath<TScalar, T>.Add(a, b);
            FftComplex<T> odd = FftComplexMath<TScalar, T>.Multiply(
                FftComplexMath<TScalar, T>.Subtract(a, b), turns[k - 1]);
            packed[k] = FftComplexMath<TScalar, T>.Add(even, odd);
            packed[n - k] = Conjugate(FftComplexMath<TScalar, T>.Subtract(even, odd));
        }

        half.Run(packed, mixed);
        for (int i = 0; i < n; i++)
        {
            y[2 * i] = mixed[i].Re;
            y[(2 * i) + 1] = mixed[i].Im;
        }
    }

    static FftComplex<T> Conjugate(FftComplex<T> a) =>
        new(a.Re, TScalar.Subtract(default, a.Im));
}
