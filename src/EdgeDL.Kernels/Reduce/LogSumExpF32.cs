namespace EdgeDL.Kernels.Reduce;

/// <summary>
/// y = m + ln Σ exp(x − m) with m = max x, over any set of axes. Of nothing, and of −∞ alone: −∞;
/// with +∞: +∞.
/// </summary>
public static class LogSumExpF32
{
    /// <summary>
    /// Kept positions begin to end − 1 of the plan; y holds the maxima already, one for each
    /// output.
    /// </summary>
    public static void Run(
        ReducePlan plan, ReadOnlySpan<float> x, Span<float> y, Span<float> sums,
        int begin, int end)
    {
        plan.Check(x.Length, y.Length, begin, end);
        int run = plan.Run;
        for (int kept = begin; kept < end; kept++)
        {
            int first = kept * plan.OutputRun;
            Span<float> max = y.Slice(first, plan.OutputRun);
            Span<float> sum = sums.Slice(first, plan.OutputRun);
            sum.Clear();
            for (int group = 0; group < plan.Groups; group++)
            {
                ReadOnlySpan<float> row = x.Slice(
                    plan.KeptOffset(kept) + plan.GroupOffset(group), run);
                for (int i = 0; i < run; i++)
                {
                    int to = plan.RunIsReduced ? 0 : i;
                    sum[to] += MathF.Exp(row[i] - max[to]);
                }
            }

            for (int i = 0; i < max.Length; i++)
            {
                max[i] = float.IsInfinity(max[i]) ? max[i] : max[i] + MathF.Log(sum[i]);
            }
        }
    }
}
