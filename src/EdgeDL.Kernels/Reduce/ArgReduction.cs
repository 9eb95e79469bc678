using System.Numerics;

namespace EdgeDL.Kernels.Reduce;

/// <summary>
/// y[o, i] = the first index k at which x[o, k, i] is largest (or smallest) along the middle axis.
/// NaN never compares as better, so it is chosen only where it stands first.
/// </summary>
public static class ArgReduction
{
    /// <summary>x is [outer, length, inner] with length ≥ 1, y is [outer, inner].</summary>
    public static void Largest<T, TIndex>(
        ReadOnlySpan<T> x, Span<TIndex> y, int outer, int length, int inner)
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int at = o * length * inner + i;
                T best = x[at];
                int bestIndex = 0;
                for (int k = 1; k < length; k++)
                {
                    at += inner;
                    if (x[at] > best)
                    {
                        best = x[at];
                        bestIndex = k;
                    }
                }
                y[o * inner + i] = TIndex.CreateTruncating(bestIndex);
            }
        }
    }

    /// <inheritdoc cref="Largest"/>
    public static void Smallest<T, TIndex>(
        ReadOnlySpan<T> x, Span<TIndex> y, int outer, int length, int inner)
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int at = o * length * inner + i;
                T best = x[at];
                int bestIndex = 0;
                for (int k = 1; k < length; k++)
                {
                    at += inner;
                    if (x[at] < best)
                    {
                        best = x[at];
                        bestIndex = k;
                    }
                }
                y[o * inner + i] = TIndex.CreateTruncating(bestIndex);
            }
        }
    }
}
