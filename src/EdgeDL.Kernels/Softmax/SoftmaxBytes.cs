using System.Numerics;

namespace EdgeDL.Kernels.Softmax;

/// <summary>
/// Softmax and log-softmax of 8-bit rows through a table of 256 exponentials, as TensorFlow Lite's
/// optimized kernels compute them. Sums run in index order in float, so every ISA gives the same
/// bits.
/// </summary>
public static class SoftmaxBytes
{
    public const int TableLength = 256;

    /// <summary>
    /// table[255 − d] = exp(−scale · beta · d): the factor of a value d below the max.
    /// </summary>
    public static void Fill(Span<float> table, float scale, float beta)
    {
        float step = -scale * beta;
        for (int d = 0; d < TableLength; d++)
        {
            // Rounded once from double, so that libm's last bit does not matter.
            table[TableLength - 1 - d] = (float)Math.Exp((double)(step * d));
        }
    }

    /// <summary>How the last step turns a scaled probability into an integer.</summary>
    public interface IRound
    {
        static abstract int Round(float value, int zeroPoint);
    }

    /// <summary>Halves away from zero, plus the zero point.</summary>
    public readonly struct HalfAway : IRound
    {
        public static int Round(float value, int zeroPoint) =>
            (int)MathF.Round(value, MidpointRounding.AwayFromZero) + zeroPoint;
    }

    /// <summary>Halves to even, plus the zero point.</summary>
    public readonly struct ToEven : IRound
    {
        public static int Round(float value, int zeroPoint) =>
            (int)MathF.Round(value) + zeroPoint;
    }

    /// <summary>⌊value + ½⌋ without a zero point, which uint8 outputs have at 0.</summary>
    public readonly struct AddHalf : IRound
    {
        public static int Round(float value, int zeroPoint) => (int)(value + 0.5f);
    }

    /// <summary>
    /// y = clamp(round(p / scaleOut) + zeroPoint), p the softmax of each row. Input and output are
    /// [rows, length]; rows begin to end − 1.
    /// </summary>
    public static void Run<TIn, TOut, TRound>(
        ReadOnlySpan<TIn> x, Span<TOut> y, ReadOnlySpan<float> table, int length,
        float scaleOut, int zeroPoint, int begin, int end)
        where TIn : unmanaged, IBinaryInteger<TIn>
        where TOut : unmanaged, IBinaryInteger<TOut>, IMinMaxValue<TOut>
        where TRound : struct, IRound
    {
        int lowest = int.CreateTruncating(TOut.MinValue);
        int highest = int.CreateTruncating(TOut.MaxValue);
        for (int row = begin; row < end; row++)
        {
            ReadOnlySpan<TIn> from = x.Slice(row * length, length);
            Span<TOut> to = y.Slice(row * length, length);
            int offset = TableLength - 1 - Max(from);
            float sum = Sum(from, table, offset);
            float inverse = 1f / (sum * scaleOut);
            for (int i = 0; i < length; i++)
            {
                float scaled = table[offset + int.CreateTruncating(from[i])] * inverse;
                int value = TRound.Round(scaled, zeroPoint);
                to[i] = TOut.CreateTruncating(Math.Clamp(value, lowest, highest));
            }
        }
    }

    /// <summary>
    /// y = clamp(rne(ln p / scaleOut) + zeroPoint), p the softmax of each row with the input's
    /// scale.
    /// </summary>
    public static void RunLog<T>(
        ReadOnlySpan<T> x, Span<T> y, ReadOnlySpan<float> table, int length,
        float scaleIn, float scaleOut, int zeroPoint, int begin, int end)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int lowest = int.CreateTruncating(T.MinValue);
        int highest = int.CreateTruncating(T.MaxValue);
        float scale = scaleIn / scaleOut;
        for (int row = begin; row < end; row++)
        {
            ReadOnlySpan<T> from = x.Slice(row * length, length);
            Span<T> to = y.Slice(row * length, length);
            int max = Max(from);
            float log = MathF.Log(Sum(from, table, TableLength - 1 - max));
            float offset = (scaleIn * max + log) / scaleOut;
            for (int i = 0; i < length; i++)
            {
                float value = scale * int.CreateTruncating(from[i]) - offset;
                int rounded = (int)MathF.Round(value) + zeroPoint;
                to[i] = T.CreateTruncating(Math.Clamp(rounded, lowest, highest));
            }
        }
    }

    static int Max<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryInteger<T>
    {
        int max = int.MinValue;
        foreach (T value in x)
        {
            max = Math.Max(max, int.CreateTruncating(value));
        }
        return max;
    }

    static float Sum<T>(ReadOnlySpan<T> x, ReadOnlySpan<float> table, int offset)
        where T : unmanaged, IBinaryInteger<T>
    {
        float sum = 0;
        foreach (T value in x)
        {
            sum += table[offset + int.CreateTruncating(value)];
        }
        return sum;
    }
}
