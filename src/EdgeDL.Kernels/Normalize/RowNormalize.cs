namespace EdgeDL.Kernels.Normalize;

/// <summary>Layer and RMS normalisation of contiguous fp32 rows.</summary>
public static class RowNormalize
{
    /// <summary>
    /// y = (x − mean) / √(variance + ε) · gamma + beta over each row. x and y are [rows, length];
    /// an empty gamma counts as 1, an empty beta as 0; rows begin to end − 1; y may be x.
    /// </summary>
    public static void Layer(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta,
        Span<float> y, int length, float epsilon, int begin, int end)
    {
        for (int row = begin; row < end; row++)
        {
            ReadOnlySpan<float> from = x.Slice(row * length, length);
            float mean = RowSums.Of(from) / length;
            float variance = RowSums.OfSquares(from, mean) / length;
            float scale = 1f / MathF.Sqrt(variance + epsilon);
            Affine(from, mean, scale, gamma, beta, y.Slice(row * length, length));
        }
    }

    /// <summary>y = x / √(mean of x² + ε) · gamma over each row; as <see cref="Layer"/>.</summary>
    public static void RootMeanSquare(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma,
        Span<float> y, int length, float epsilon, int begin, int end)
    {
        for (int row = begin; row < end; row++)
        {
            ReadOnlySpan<float> from = x.Slice(row * length, length);
            float scale = 1f / MathF.Sqrt(RowSums.OfSquares(from) / length + epsilon);
            Affine(from, 0, scale, gamma, default, y.Slice(row * length, length));
        }
    }

    static void Affine(
        ReadOnlySpan<float> x, float mean, float scale,
        ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, Span<float> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = (x[i] - mean) * scale;
        }

        for (int i = 0; i < gamma.Length; i++)
        {
            y[i] *= gamma[i];
        }

        for (int i = 0; i < beta.Length; i++)
        {
            y[i] += beta[i];
        }
    }
}
