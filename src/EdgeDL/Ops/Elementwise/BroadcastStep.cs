using EdgeDL.Execution;

namespace EdgeDL.Ops;

/// <summary>
/// A step over the rows of a broadcast. Long rows are cut into blocks, so that one row can be
/// split over the workers too.
/// </summary>
abstract class BroadcastStep(Workers workers, Broadcast plan)
    : RowsStep(workers, Parts(plan), Math.Min(plan.Row, Block))
{
    const int Block = 4096;

    readonly int blocksPerRow = Blocks(plan);

    static int Blocks(Broadcast plan) => Math.Max(1, (int)(((long)plan.Row + Block - 1) / Block));

    static int Parts(Broadcast plan) => plan.Rows * Blocks(plan);

    protected sealed override void Rows(int begin, int end)
    {
        Span<int> offsets = stackalloc int[Broadcast.MaxOperands];
        for (int part = begin; part < end; part++)
        {
            int row = part / blocksPerRow;
            int first = (part - (row * blocksPerRow)) * Block;
            int count = Math.Min(Block, plan.Row - first);
            plan.Offsets(row, offsets);
            Compute(
                Operand(0, offsets[0], first, count),
                Operand(1, offsets[1], first, count),
                Operand(2, offsets[2], first, count),
                new Part((row * plan.Row) + first, count));
        }
    }

    Part Operand(int k, int row, int first, int count)
        => plan.Advances[k] ? new Part(row + first, count) : new Part(row, 1);

    /// <summary>Computes a run of results from runs, or single values, of the operands.</summary>
    protected abstract void Compute(Part a, Part b, Part c, Part y);

    /// <summary>Elements from <see cref="Begin"/> on.</summary>
    protected readonly record struct Part(int Begin, int Count);
}
