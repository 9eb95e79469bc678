namespace EdgeDL.Kernels.Softmax;

/// <summary>y = 1 at the first largest x of each row, 0 elsewhere.</summary>
public static class HardMaxF32
{
    /// <summary>x and y are [rows, length]; rows begin to end − 1; y may be x.</summary>
    public static void Run(
        ReadOnlySpan<float> x, Span<float> y, int length, int begin, int end)
    {
        for (int row = begin; row < end; row++)
        {
            ReadOnlySpan<float> from = x.Slice(row * length, length);
            int best = 0;
            for (int i = 1; i < length; i++)
            {
                best = from[i] > from[best] ? i : best;
            }
            Span<float> to = y.Slice(row * length, length);
            to.Clear();
            if (length > 0)
            {
                to[best] = 1;
            }
        }
    }
}
