using System.Numerics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Reduce;

/// <summary>
/// y = clamp(Π ((x − zeroIn) · scale) + zeroOut) in fixed point: the product so far is scaled with
/// every factor but the first, and once more at the end, as TensorFlow Lite's quantized product
/// does.
/// </summary>
public static class ProductFixed
{
    /// <summary>x has plan.InputLength numbers; products and y have plan.OutputLength.</summary>
    public static void Run<T>(
        ReducePlan plan, ReadOnlySpan<T> x, int zeroIn, Span<int> products,
        int multiplier, int shift, int zeroOut, Span<T> y)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        plan.Check(x.Length, y.Length, 0, plan.Kept);
        int lowest = int.CreateTruncating(T.MinValue);
        int highest = int.CreateTruncating(T.MaxValue);
        products.Fill(1);
        for (int kept = 0; kept < plan.Kept; kept++)
        {
            for (int group = 0; group < plan.Groups; group++)
            {
                int start = plan.KeptOffset(kept) + plan.GroupOffset(group);
                for (int i = 0; i < plan.Run; i++)
                {
                    int to = kept * plan.OutputRun + (plan.RunIsReduced ? 0 : i);
                    int factor = int.CreateTruncating(x[start + i]) - zeroIn;
                    bool isFirst = group == 0 && (i == 0 || !plan.RunIsReduced);
                    products[to] = isFirst
                        ? factor
                        : FixedPoint.MultiplyByQuantizedMultiplier(
                            (long)products[to] * factor, multiplier, shift);
                }
            }
        }

        for (int i = 0; i < y.Length; i++)
        {
            long value = zeroOut + (long)FixedPoint.MultiplyByQuantizedMultiplier(
                (long)products[i], multiplier, shift);
            y[i] = T.CreateTruncating(Math.Clamp(value, lowest, highest));
        }
    }
}
