using System.Numerics;

namespace EdgeDL.Kernels.Reduce;

/// <summary>
/// The k best of each row, best first; equal values in the order of their indices. NaN counts as
/// worse than every number.
/// </summary>
public static class TopK
{
    /// <summary>Which of two values comes first.</summary>
    public interface IOrder<T>
    {
        static abstract bool Better(T a, T b);
    }

    /// <summary>The largest first.</summary>
    public readonly struct Largest<T> : IOrder<T>
        where T : unmanaged, INumber<T>
    {
        public static bool Better(T a, T b) => a > b || (T.IsNaN(b) && !T.IsNaN(a));
    }

    /// <summary>The smallest first.</summary>
    public readonly struct Smallest<T> : IOrder<T>
        where T : unmanaged, INumber<T>
    {
        public static bool Better(T a, T b) => a < b || (T.IsNaN(b) && !T.IsNaN(a));
    }

    /// <summary>
    /// x is [rows, length] with k ≤ length; values and indices are [rows, k]. The kept ones are a
    /// sorted list, so the cost is rows · length · (1 + insertions).
    /// </summary>
    public static void Run<T, TOrder>(
        ReadOnlySpan<T> x, Span<T> values, Span<int> indices, int rows, int length, int k)
        where T : unmanaged
        where TOrder : struct, IOrder<T>
    {
        for (int row = 0; row < rows; row++)
        {
            Row<T, TOrder>(
                x.Slice(row * length, length),
                values.Slice(row * k, k),
                indices.Slice(row * k, k));
        }
    }

    static void Row<T, TOrder>(ReadOnlySpan<T> x, Span<T> values, Span<int> indices)
        where T : unmanaged
        where TOrder : struct, IOrder<T>
    {
        int kept = 0;
        int k = values.Length;
        for (int i = 0; i < x.Length && k > 0; i++)
        {
            if (kept == k && !TOrder.Better(x[i], values[k - 1]))
            {
                continue;
            }
            int at = kept < k ? kept++ : k - 1;
            while (at > 0 && TOrder.Better(x[i], values[at - 1]))
            {
                values[at] = values[at - 1];
                indices[at] = indices[at - 1];
                at--;
            }
            values[at] = x[i];
            indices[at] = i;
        }
    }
}
