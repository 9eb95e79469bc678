namespace EdgeDL.Kernels.Normalize;

/// <summary>Batch, instance and group normalisation of [batch, pixels, channels] in fp32.</summary>
public static class ChannelNormalize
{
    /// <summary>
    /// scale = gamma / √(variance + ε), offset = beta − mean · scale: batch normalisation as an
    /// affine map a channel.
    /// </summary>
    public static void Fold(
        ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta,
        ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, float epsilon,
        Span<float> scale, Span<float> offset)
    {
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] = gamma[c] / MathF.Sqrt(variance[c] + epsilon);
            offset[c] = beta[c] - mean[c] * scale[c];
        }
    }

    /// <summary>
    /// y[p, c] = x[p, c] · scale[c] + offset[c]; pixels begin to end − 1; y may be x.
    /// </summary>
    public static void Affine(
        ReadOnlySpan<float> x, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset,
        Span<float> y, int begin, int end)
    {
        int channels = scale.Length;
        for (int p = begin; p < end; p++)
        {
            ReadOnlySpan<float> from = x.Slice(p * channels, channels);
            Span<float> to = y.Slice(p * channels, channels);
            for (int c = 0; c < channels; c++)
            {
                to[c] = from[c] * scale[c] + offset[c];
            }
        }
    }

    /// <summary>
    /// y = (x − mean) / √(variance + ε) · gamma[c] + beta[c], mean and variance over all pixels and
    /// the channels of a group. Batches begin to end − 1; groups divides channels; an empty gamma
    /// counts as 1, an empty beta as 0; y may be x.
    /// </summary>
    public static void Group(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta,
        Span<float> y, int pixels, int channels, int groups, float epsilon, int begin, int end)
    {
        int size = channels / groups;
        for (int batch = begin; batch < end && pixels > 0; batch++)
        {
            int first = batch * pixels * channels;
            for (int g = 0; g < groups; g++)
            {
                (double mean, double variance) = Moments(
                    x[(first + g * size)..], pixels, channels, size);
                double scale = 1 / Math.Sqrt(variance + epsilon);
                for (int c = g * size; c < (g + 1) * size; c++)
                {
                    float factor = (float)(scale * (gamma.IsEmpty ? 1 : gamma[c]));
                    float offset = (float)((beta.IsEmpty ? 0 : beta[c]) - mean * factor);
                    for (int at = first + c, p = 0; p < pixels; p++, at += channels)
                    {
                        y[at] = x[at] * factor + offset;
                    }
                }
            }
        }
    }

    // Two passes in double: a large mean does not eat the variance.
    static (double Mean, double Variance) Moments(
        ReadOnlySpan<float> x, int pixels, int channels, int size)
    {
        double sum = 0;
        for (int p = 0; p < pixels; p++)
        {
            foreach (float value in x.Slice(p * channels, size))
            {
                sum += value;
            }
        }

        double count = Math.Max((double)pixels * size, 1);
        double mean = sum / count;
        double squares = 0;
        for (int p = 0; p < pixels; p++)
        {
            foreach (float value in x.Slice(p * channels, size))
            {
                squares += (value - mean) * (value - mean);
            }
        }

        return (mean, squares / count);
    }
}
