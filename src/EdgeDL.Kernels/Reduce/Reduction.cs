using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Reduce;

/// <summary>
/// y[kept] = the reducer's result over all reduced positions, from its identity: kept positions
/// begin to end − 1 of the plan. An empty reduction gives the identity.
/// </summary>
public static unsafe class Reduction
{
    /// <summary>
    /// x has plan.InputLength numbers, y plan.OutputLength; they must not overlap.
    /// </summary>
    public delegate void Function<TIn, TAcc>(
        ReducePlan plan, ReadOnlySpan<TIn> x, Span<TAcc> y, int begin, int end)
        where TIn : unmanaged
        where TAcc : unmanaged;

    /// <summary>Rows of a reduction within one element type.</summary>
    public static KernelRow<Function<T, T>>[] Rows<T, TReducer>()
        where T : unmanaged
        where TReducer : struct, ILaneReducer<T> =>
    [
        new("vec128", Vector128.IsHardwareAccelerated, Vec128<T, TReducer>),
        new("scalar", true, Scalar<T, T, TReducer>),
    ];

    /// <summary>Rows of a reduction into a wider accumulator.</summary>
    public static KernelRow<Function<TIn, TAcc>>[] WideRows<TIn, TAcc, TReducer>()
        where TIn : unmanaged
        where TAcc : unmanaged
        where TReducer : struct, IReducer<TIn, TAcc> =>
        [new("scalar", true, Scalar<TIn, TAcc, TReducer>)];

    internal static void Scalar<TIn, TAcc, TReducer>(
        ReducePlan plan, ReadOnlySpan<TIn> x, Span<TAcc> y, int begin, int end)
        where TIn : unmanaged
        where TAcc : unmanaged
        where TReducer : struct, IReducer<TIn, TAcc>
    {
        plan.Check(x.Length, y.Length, begin, end);
        fixed (TIn* input = x)
        fixed (TAcc* output = y)
        {
            int run = plan.Run;
            for (int kept = begin; kept < end; kept++)
            {
                TIn* start = input + plan.KeptOffset(kept);
                TAcc* target = output + (nint)kept * plan.OutputRun;
                new Span<TAcc>(target, plan.OutputRun).Fill(TReducer.Identity);
                for (int group = 0; group < plan.Groups; group++)
                {
                    TIn* row = start + plan.GroupOffset(group);
                    if (plan.RunIsReduced)
                    {
                        TAcc acc = *target;
                        for (int i = 0; i < run; i++)
                        {
                            acc = TReducer.Step(acc, row[i]);
                        }
                        *target = acc;
                    }
                    else
                    {
                        for (int i = 0; i < run; i++)
                        {
                            target[i] = TReducer.Step(target[i], row[i]);
                        }
                    }
                }
            }
        }
    }

    static void Vec128<T, TReducer>(
        ReducePlan plan, ReadOnlySpan<T> x, Span<T> y, int begin, int end)
        where T : unmanaged
        where TReducer : struct, ILaneReducer<T>
    {
        if (plan.Run < Vector128<T>.Count)
        {
            Scalar<T, T, TReducer>(plan, x, y, begin, end);
            return;
        }
        plan.Check(x.Length, y.Length, begin, end);
        fixed (T* input = x, output = y)
        {
            for (int kept = begin; kept < end; kept++)
            {
                T* start = input + plan.KeptOffset(kept);
                T* target = output + (nint)kept * plan.OutputRun;
                new Span<T>(target, plan.OutputRun).Fill(TReducer.Identity);
                for (int group = 0; group < plan.Groups; group++)
                {
                    T* row = start + plan.GroupOffset(group);
                    if (plan.RunIsReduced)
                    {
                        *target = TReducer.Join(*target, RunToOne<T, TReducer>(row, plan.Run));
                    }
                    else
                    {
                        RunIntoRow<T, TReducer>(target, row, plan.Run);
                    }
                }
            }
        }
    }

    // Four accumulators hide the latency of the step.
    static T RunToOne<T, TReducer>(T* x, int length)
        where T : unmanaged
        where TReducer : struct, ILaneReducer<T>
    {
        int lanes = Vector128<T>.Count;
        Vector128<T> a = Vector128.Create(TReducer.Identity);
        Vector128<T> b = a, c = a, d = a;
        int i = 0;
        for (; i <= length - 4 * lanes; i += 4 * lanes)
        {
            a = TReducer.Step(a, Vector128.Load(x + i));
            b = TReducer.Step(b, Vector128.Load(x + i + lanes));
            c = TReducer.Step(c, Vector128.Load(x + i + 2 * lanes));
            d = TReducer.Step(d, Vector128.Load(x + i + 3 * lanes));
        }
        for (; i <= length - lanes; i += lanes)
        {
            a = TReducer.Step(a, Vector128.Load(x + i));
        }
        T acc = TReducer.Identity;
        for (int lane = 0; lane < lanes; lane++)
        {
            T left = TReducer.Join(a.GetElement(lane), b.GetElement(lane));
            T right = TReducer.Join(c.GetElement(lane), d.GetElement(lane));
            acc = TReducer.Join(acc, TReducer.Join(left, right));
        }
        for (; i < length; i++)
        {
            acc = TReducer.Step(acc, x[i]);
        }
        return acc;
    }

    static void RunIntoRow<T, TReducer>(T* acc, T* x, int length)
        where T : unmanaged
        where TReducer : struct, ILaneReducer<T>
    {
        int lanes = Vector128<T>.Count;
        int i = 0;
        for (; i <= length - lanes; i += lanes)
        {
            TReducer.Step(Vector128.Load(acc + i), Vector128.Load(x + i)).Store(acc + i);
        }
        for (; i < length; i++)
        {
            acc[i] = TReducer.Step(acc[i], x[i]);
        }
    }
}
