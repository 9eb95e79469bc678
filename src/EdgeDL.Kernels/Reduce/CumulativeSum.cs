using System.Numerics;

namespace EdgeDL.Kernels.Reduce;

/// <summary>
/// y[o, k, i] = Σ over j ≤ k of x[o, j, i] along the middle axis of [outer, length, inner].
/// </summary>
public static class CumulativeSum
{
    /// <summary>Which end the sums start from, and whether each holds its own element.</summary>
    public enum Direction
    {
        Forward,
        ForwardExclusive,
        Reverse,
        ReverseExclusive,
    }

    /// <summary>y may be x.</summary>
    public static void Run<T>(
        ReadOnlySpan<T> x, Span<T> y, int outer, int length, int inner, Direction direction)
        where T : unmanaged, INumber<T>
    {
        bool reverse = direction is Direction.Reverse or Direction.ReverseExclusive;
        bool exclusive = direction is Direction.ForwardExclusive or Direction.ReverseExclusive;
        int step = reverse ? -inner : inner;
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int at = (reverse ? (o + 1) * length - 1 : o * length) * inner + i;
                T sum = T.Zero;
                for (int k = 0; k < length; k++, at += step)
                {
                    T before = sum;
                    sum += x[at];
                    y[at] = exclusive ? before : sum;
                }
            }
        }
    }
}
