using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Quant;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What follows the accumulation of rows of outputs.</summary>
interface IFinish<TAcc, TOut>
{
    void Apply(ReadOnlySpan<TAcc> acc, Span<TOut> y);
}

/// <summary>Accumulates into the output itself and leaves it there.</summary>
readonly struct Keep<T> : IFinish<T, T>
{
    public void Apply(ReadOnlySpan<T> acc, Span<T> y)
    {
    }
}

readonly struct ScaleBy(float factor) : IFinish<float, float>
{
    public void Apply(ReadOnlySpan<float> acc, Span<float> y) => Finish.Scale(acc, factor, y);
}

readonly struct TakeRoot : IFinish<float, float>
{
    public void Apply(ReadOnlySpan<float> acc, Span<float> y) => Finish.Root(acc, y);
}

readonly struct TakeLog : IFinish<float, float>
{
    public void Apply(ReadOnlySpan<float> acc, Span<float> y) => Finish.Log(acc, y);
}

readonly struct Rescale<T>(int bias, float scale, int zeroPoint) : IFinish<int, T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public void Apply(ReadOnlySpan<int> acc, Span<T> y) =>
        Finish.Requantize(acc, bias, scale, zeroPoint, y);
}

readonly struct RescaleToEven<T>(int bias, Ratio scale, int zeroPoint) : IFinish<int, T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public void Apply(ReadOnlySpan<int> acc, Span<T> y) =>
        Finish.RequantizeToEven(acc, bias, scale, zeroPoint, y);
}

readonly struct RescaleS16(float scale) : IFinish<int, short>
{
    public void Apply(ReadOnlySpan<int> acc, Span<short> y) =>
        Finish.RequantizeS16(acc, scale, y);
}

readonly struct FixedRescale(int multiplier, int shift) : IFinish<int, short>
{
    public void Apply(ReadOnlySpan<int> acc, Span<short> y) =>
        Finish.FixedPointRescale(acc, multiplier, shift, y);
}

readonly struct DivideBy<T>(long count) : IFinish<long, T>
    where T : unmanaged, IBinaryInteger<T>
{
    public void Apply(ReadOnlySpan<long> acc, Span<T> y) => Finish.Divide(acc, count, y);
}

/// <summary>
/// y = finish(reduce(x)). Accumulators are the output itself (scratch null; the types agree) or lie
/// in scratch.
/// </summary>
sealed unsafe class ReduceStep<TIn, TAcc, TOut, TFinish>(
    PrepareContext c, ReducePlan plan, KernelRow<Reduction.Function<TIn, TAcc>>[] rows,
    byte* accumulators, TFinish finish)
    : RowsStep(c.Workers, plan.Kept, (long)plan.Groups * plan.Run)
    where TIn : unmanaged
    where TAcc : unmanaged
    where TOut : unmanaged
    where TFinish : struct, IFinish<TAcc, TOut>
{
    readonly Reduction.Function<TIn, TAcc> kernel = KernelRow.First(rows).Function;
    readonly TIn* x = c.Input(0).Pointer<TIn>();
    readonly TOut* y = c.Output(0).Pointer<TOut>();

    protected override void Rows(int begin, int end)
    {
        TAcc* acc = accumulators is null ? (TAcc*)y : (TAcc*)accumulators;
        kernel(plan, new(x, plan.InputLength), new(acc, plan.OutputLength), begin, end);
        int first = begin * plan.OutputRun;
        int count = (end - begin) * plan.OutputRun;
        finish.Apply(new(acc + first, count), new(y + first, count));
    }
}
