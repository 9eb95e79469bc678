using System.Numerics;

namespace EdgeDL.Kernels.Reduce;

/// <summary>
/// The k largest of each row, largest first; equal values in the order of their indices. NaN counts
/// as smaller than every number.
/// </summary>
public static class TopK
{
    /// <summary>
    /// x is [rows, length] with k ≤ length; values and indices are [rows, k]. The kept ones are a
    /// sorted list, so the cost is rows · length · (1 + insertions).
    /// </summary>
    public static void Run<T>(
        ReadOnlySpan<T> x, Span<T> values, Span<int> indices, int rows, int length, int k)
        where T : unmanaged, INumber<T>
    {
        for (int row = 0; row < rows; row++)
        {
            Row(
                x.Slice(row * length, length),
                values.Slice(row * k, k),
                indices.Slice(row * k, k));
        }
    }

    static void Row<T>(ReadOnlySpan<T> x, Span<T> values, Span<int> indices)
        where T : unmanaged, INumber<T>
    {
        int kept = 0;
        int k = values.Length;
        for (int i = 0; i < x.Length && k > 0; i++)
        {
            if (kept == k && !Better(x[i], values[k - 1]))
            {
                continue;
            }
            int at = kept < k ? kept++ : k - 1;
            while (at > 0 && Better(x[i], values[at - 1]))
            {
                values[at] = values[at - 1];
                indices[at] = indices[at - 1];
                at--;
            }
            values[at] = x[i];
            indices[at] = i;
        }
    }

    static bool Better<T>(T a, T b)
        where T : unmanaged, INumber<T> => a > b || (T.IsNaN(b) && !T.IsNaN(a));
}
