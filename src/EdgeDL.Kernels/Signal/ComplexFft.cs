namespace EdgeDL.Kernels.Signal;

/// <summary>
/// X[k] = Σ x[n] e^(∓2πi·kn/N) for any N, by decimation in time with radices 4, 2, 3, 5 and, for
/// other primes, directly. Fixed-point stages divide by their radix, so X comes out as the sum
/// divided by N, with the same bits as kissfft's fixed-point build.
/// </summary>
/// <remarks>The tables are made once, while loading; <see cref="Run"/> allocates nothing and
/// uses the plan's own work area, so one plan serves one thread.</remarks>
public sealed unsafe partial class ComplexFft<TScalar, T>
    where TScalar : struct, IFftScalar<T>
    where T : unmanaged
{
    readonly bool inverse;
    readonly (int Radix, int Count)[] stages;
    readonly FftComplex<T>[] twiddles;
    readonly FftComplex<T>[] work;

    /// <param name="length">N ≥ 1.</param>
    /// <param name="inverse">True for e^(+2πi…); unscaled for floats.</param>
    public ComplexFft(int length, bool inverse)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        this.inverse = inverse;
        Length = length;
        stages = Factor(length);
        twiddles = new FftComplex<T>[length];
        for (int i = 0; i < length; i++)
        {
            double phase = -2 * Math.PI * i / length;
            twiddles[i] = FftComplexMath<TScalar, T>.Turn(inverse ? -phase : phase);
        }

        int widest = 0;
        foreach ((int radix, int _) in stages)
        {
            widest = Math.Max(widest, radix);
        }

        work = new FftComplex<T>[widest];
    }

    /// <summary>N.</summary>
    public int Length { get; }

    /// <summary>Transforms N numbers; x and y don't overlap.</summary>
    public void Run(ReadOnlySpan<FftComplex<T>> x, Span<FftComplex<T>> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, Length);
        if (stages.Length == 0)
        {
            y[0] = x[0];
            return;
        }

        fixed (FftComplex<T>* from = x)
        fixed (FftComplex<T>* to = y)
        fixed (FftComplex<T>* tw = twiddles)
        {
            Work(to, from, 1, 0, tw);
        }
    }

    // Sub-transforms of every radix-th number land one after the other in y, then combine.
    void Work(FftComplex<T>* y, FftComplex<T>* x, int step, int stage, FftComplex<T>* tw)
    {
        (int radix, int rest) = stages[stage];
        for (int i = 0; i < radix; i++)
        {
            if (rest == 1)
            {
                y[i] = x[(long)i * step];
            }
            else
            {
                Work(y + ((long)i * rest), x + ((long)i * step), step * radix, stage + 1, tw);
            }
        }

        switch (radix)
        {
            case 2:
                Combine2(y, step, rest, tw);
                break;
            case 3:
                Combine3(y, step, rest, tw);
                break;
            case 4:
                Combine4(y, step, rest, tw);
                break;
            case 5:
                Combine5(y, step, rest, tw);
                break;
            default:
                CombineAny(y, step, rest, radix, tw);
                break;
        }
    }

    // Fours first, then twos, threes and the odd numbers from five on.
    static (int Radix, int Count)[] Factor(int n)
    {
        var found = new List<(int, int)>();
        int radix = 4;
        int root = (int)Math.Floor(Math.Sqrt(n));
        while (n > 1)
        {
            while (n % radix != 0)
            {
                radix = radix switch { 4 => 2, 2 => 3, _ => radix + 2 };
                if (radix > root)
                {
                    radix = n;
                }
            }

            n /= radix;
            found.Add((radix, n));
        }

        return [.. found];
    }
}
