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
            var a = new Part(offsets[0] + (plan.Advances[0] ? first : 0), plan.Advances[0] ? count : 1);
            var b = new Part(offsets[1] + (plan.Advances[1] ? first : 0), plan.Advances[1] ? count : 1);
            var z = new Part(offsets[2] + (plan.Advances[2] ? first : 0), plan.Advances[2] ? count : 1);
            Compute(a, b, z, new Part((row * plan.Row) + first, count));
        }
    }

    /// <summary>Computes a run of results from runs, or single values, of the operands.</summary>
    protected abstract void Compute(Part a, Part b, Part c, Part y);

    /// <summary>Elements from <see cref="Begin"/> on.</summary>
    protected readonly record struct Part(int Begin, int Count);
}
