using System.Runtime.Intrinsics;
using System.Runtime.InteropServices;

namespace EdgeDL.Kernels.Normalize;

/// <summary>Sums over one contiguous row, in four lanes.</summary>
static class RowSums
{
    /// <summary>Σ x.</summary>
    public static float Of(ReadOnlySpan<float> x)
    {
        Vector128<float> sum = default;
        ref float first = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - 4; i += 4)
        {
            sum += Vector128.LoadUnsafe(ref first, (nuint)i);
        }

        float total = Vector128.Sum(sum);
        for (; i < x.Length; i++)
        {
            total += x[i];
        }

        return total;
    }

    /// <summary>Σ x².</summary>
    public static float OfSquares(ReadOnlySpan<float> x) => OfSquares(x, 0);

    /// <summary>Σ (x − mean)².</summary>
    public static float OfSquares(ReadOnlySpan<float> x, float mean)
    {
        Vector128<float> sum = default;
        ref float first = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - 4; i += 4)
        {
            Vector128<float> d = Vector128.LoadUnsafe(ref first, (nuint)i) - Vector128.Create(mean);
            sum += d * d;
        }

        float total = Vector128.Sum(sum);
        for (; i < x.Length; i++)
        {
            float d = x[i] - mean;
            total += d * d;
        }

        return total;
    }
}
