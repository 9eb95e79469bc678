using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>Something done to whole rows: softmax and its kin.</summary>
interface IRowFunction<TIn, TOut>
{
    /// <summary>x and y are [rows, length]; computes rows begin to end − 1.</summary>
    void Apply(ReadOnlySpan<TIn> x, Span<TOut> y, int length, int begin, int end);
}

/// <summary>
/// Applies a row function along any axis. Along the innermost one rows are contiguous and split
/// over the workers; along another each row is gathered into scratch and scattered back.
/// </summary>
sealed unsafe class AxisStep<TIn, TOut, TFunction>(
    Workers workers, RowAxis axis, TensorView x, TensorView y, byte* scratch, TFunction function)
    : RowsStep(workers, axis.Inner == 1 ? axis.Rows : 1, axis.Length * 8L)
    where TIn : unmanaged
    where TOut : unmanaged
    where TFunction : IRowFunction<TIn, TOut>
{
    /// <summary>The scratch that <see cref="RowAxis"/> needs.</summary>
    public static long ScratchBytes(RowAxis axis) =>
        axis.Inner == 1 ? 0 : (sizeof(TIn) + sizeof(TOut)) * (long)axis.Length;

    protected override void Rows(int begin, int end)
    {
        ReadOnlySpan<TIn> from = x.AsSpan<TIn>();
        Span<TOut> to = y.AsSpan<TOut>();
        if (axis.Inner == 1)
        {
            function.Apply(from, to, axis.Length, begin, end);
            return;
        }

        // The wider type first keeps both rows aligned.
        var one = new Span<TOut>(scratch, axis.Length);
        var other = new Span<TIn>(scratch + (nint)sizeof(TOut) * axis.Length, axis.Length);
        for (int row = 0; row < axis.Rows; row++)
        {
            axis.Gather(from, row, other);
            function.Apply(other, one, axis.Length, 0, 1);
            axis.Scatter(one, row, to);
        }
    }
}
