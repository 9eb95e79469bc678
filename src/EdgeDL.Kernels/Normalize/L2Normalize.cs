using System.Numerics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Normalize;

/// <summary>y = x / √(Σ x²) over each row.</summary>
public static class L2Normalize
{
    // TensorFlow Lite's bound for rows of zeros.
    const float SmallestNorm = 1e-6f;

    /// <summary>x and y are [rows, length]; rows begin to end − 1; y may be x.</summary>
    public static void RunF32(
        ReadOnlySpan<float> x, Span<float> y, int length, int begin, int end)
    {
        for (int row = begin; row < end; row++)
        {
            ReadOnlySpan<float> from = x.Slice(row * length, length);
            Span<float> to = y.Slice(row * length, length);
            float sum = RowSums.OfSquares(from);
            float norm = MathF.Max(MathF.Sqrt(sum), SmallestNorm);
            for (int i = 0; i < length; i++)
            {
                to[i] = from[i] / norm;
            }
        }
    }

    /// <summary>
    /// 8-bit rows with output scale 1/128 and the zero point in the middle of the type; length at
    /// most 2¹⁵. Fixed-point arithmetic as TensorFlow Lite's.
    /// </summary>
    public static void RunBytes<T>(
        ReadOnlySpan<T> x, Span<T> y, int length, int zeroPoint, int begin, int end)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int lowest = int.CreateTruncating(T.MinValue);
        int highest = int.CreateTruncating(T.MaxValue);
        int middle = lowest + 128;
        for (int row = begin; row < end; row++)
        {
            ReadOnlySpan<T> from = x.Slice(row * length, length);
            Span<T> to = y.Slice(row * length, length);
            int sum = 0;
            foreach (T value in from)
            {
                int difference = int.CreateTruncating(value) - zeroPoint;
                sum += difference * difference;
            }

            (int multiplier, int shift) = InverseSquareRoot.Of(sum);
            for (int i = 0; i < length; i++)
            {
                int difference = int.CreateTruncating(from[i]) - zeroPoint;
                int scaled = lowest < 0
                    ? FixedPoint.MultiplyByQuantizedMultiplier(difference, multiplier, shift + 7)
                    : FixedPoint.MultiplyByQuantizedMultiplier(
                        difference * 128, multiplier, shift);
                to[i] = T.CreateTruncating(Math.Clamp(middle + scaled, lowest, highest));
            }
        }
    }
}
