namespace EdgeDL.Kernels.Softmax;

/// <summary>y = x − max x − ln Σ exp(x − max x) over each row.</summary>
public static class LogSoftmaxF32
{
    /// <summary>x and y are [rows, length]; rows begin to end − 1; y may be x.</summary>
    public static void Run(
        ReadOnlySpan<float> x, Span<float> y, int length, int begin, int end)
    {
        for (int row = begin; row < end; row++)
        {
            ReadOnlySpan<float> from = x.Slice(row * length, length);
            Span<float> to = y.Slice(row * length, length);
            float max = float.NegativeInfinity;
            foreach (float value in from)
            {
                max = MathF.Max(max, value);
            }
            float sum = 0;
            foreach (float value in from)
            {
                sum += ExpNonPositive.Apply(value - max);
            }
            float log = MathF.Log(sum);
            for (int i = 0; i < length; i++)
            {
                to[i] = from[i] - max - log;
            }
        }
    }
}
