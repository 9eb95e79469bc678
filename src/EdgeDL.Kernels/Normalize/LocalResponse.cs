namespace EdgeDL.Kernels.Normalize;

/// <summary>
/// y = x · (bias + alpha · Σ x²)^(−beta), the sum over channels at most radius away.
/// </summary>
public static class LocalResponse
{
    /// <summary>
    /// x and y are [pixels, channels]; pixels begin to end − 1; they must not overlap.
    /// </summary>
    public static void Run(
        ReadOnlySpan<float> x, Span<float> y, int channels,
        int radius, float bias, float alpha, float beta, int begin, int end)
    {
        for (int p = begin; p < end; p++)
        {
            ReadOnlySpan<float> from = x.Slice(p * channels, channels);
            Span<float> to = y.Slice(p * channels, channels);
            for (int c = 0; c < channels; c++)
            {
                float sum = 0;
                int last = (int)Math.Min((long)c + radius, channels - 1);
                for (int k = Math.Max(c - radius, 0); k <= last; k++)
                {
                    sum += from[k] * from[k];
                }

                to[c] = from[c] * MathF.Pow(bias + alpha * sum, -beta);
            }
        }
    }
}
