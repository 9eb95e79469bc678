namespace EdgeDL.Kernels.Signal;

/// <summary>Tables of classical signal processing, filled while loading.</summary>
public static class SignalTables
{
    /// <summary>w[n] = ½ − ½ cos(2πn/N): the periodic Hann window.</summary>
    public static void HannPeriodic(Span<double> w)
    {
        for (int n = 0; n < w.Length; n++)
        {
            w[n] = 0.5 - (0.5 * Math.Cos(2 * Math.PI * n / w.Length));
        }
    }

    /// <summary>
    /// w[n] = a − b cos(2πn/(N − 1)): Hann for ½ and ½, Hamming for 0.54 and 0.46.
    /// </summary>
    public static void CosineSymmetric(Span<double> w, double a, double b)
    {
        for (int n = 0; n < w.Length; n++)
        {
            w[n] = w.Length == 1 ? 1 : a - (b * Math.Cos(2 * Math.PI * n / (w.Length - 1)));
        }
    }

    /// <summary>mel = 1127 ln(1 + f / 700).</summary>
    public static double HertzToMel(double hertz) => 1127.0 * Math.Log(1.0 + (hertz / 700.0));

    /// <summary>
    /// weights[bin, band]: triangles of equal width in mel from <paramref name="lowHertz"/> to
    /// <paramref name="highHertz"/>, linear in mel; the DC bin weighs nothing.
    /// </summary>
    /// <param name="weights">bins × bands, row by row; bins = FFT length / 2 + 1.</param>
    public static void MelTriangles(
        Span<double> weights, int bins, int bands, double sampleRate, double lowHertz,
        double highHertz)
    {
        double low = HertzToMel(lowHertz);
        double step = (HertzToMel(highHertz) - low) / (bands + 1);
        weights[..bands].Clear();
        for (int k = 1; k < bins; k++)
        {
            double mel = HertzToMel(k * (sampleRate / 2) / (bins - 1));
            for (int b = 0; b < bands; b++)
            {
                double rise = (mel - (low + (b * step))) / step;
                double fall = (low + ((b + 2) * step) - mel) / step;
                weights[(k * bands) + b] = Math.Max(0, Math.Min(rise, fall));
            }
        }
    }

    /// <summary>
    /// table[i, k] = √(2/N) cos(πk(n + ½)/N): the DCT-II with every coefficient scaled alike.
    /// </summary>
    public static void Dct2(Span<double> table, int inputs, int outputs)
    {
        double scale = Math.Sqrt(2.0 / inputs);
        for (int n = 0; n < inputs; n++)
        {
            for (int k = 0; k < outputs; k++)
            {
                double angle = Math.PI * k * (n + 0.5) / inputs;
                table[(n * outputs) + k] = scale * Math.Cos(angle);
            }
        }
    }
}
