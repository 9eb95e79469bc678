namespace EdgeDL.Devices.Media;

/// <summary>
/// y[n] = Σ_k x[k] · h(n · from / to − k): band-limited interpolation with a Hann-windowed sinc
/// (J. O. Smith, "Digital Audio Resampling"), cut off at the lower of both Nyquist rates.
/// </summary>
static class Resampler
{
    // Zero crossings to each side: about −60 dB of aliasing outside the transition band.
    const int Crossings = 24;

    public static float[] Apply(ReadOnlySpan<float> x, int from, int to)
    {
        var count = (int)Math.Min(int.MaxValue / 8, ((long)x.Length * to + from - 1) / from);
        var y = new float[count];
        var cutoff = Math.Min(1.0, (double)to / from);
        var radius = Crossings / cutoff;
        for (var n = 0; n < count; n++)
        {
            var centre = (double)n * from / to;
            var first = Math.Max(0, (int)Math.Ceiling(centre - radius));
            var last = Math.Min(x.Length - 1, (int)Math.Floor(centre + radius));
            double sum = 0, gain = 0;
            for (var k = first; k <= last; k++)
            {
                var weight = Kernel((centre - k) * cutoff, Crossings);
                sum += weight * x[k];
                gain += weight;
            }

            // Dividing by the gain keeps a constant constant, at the clip's ends as well.
            y[n] = gain == 0 ? 0 : (float)(sum / gain);
        }

        return y;
    }

    static double Kernel(double t, double radius)
    {
        if (Math.Abs(t) < 1e-9)
        {
            return 1;
        }

        var angle = Math.PI * t;
        return Math.Sin(angle) / angle * (0.5 + (0.5 * Math.Cos(angle / radius)));
    }
}
