using EdgeDL.Execution;

namespace EdgeDL.Ops;

/// <summary>
/// A step over independent elements, cut into blocks that fit the first-level cache; the blocks
/// are split over the workers when there are many.
/// </summary>
abstract class ElementsStep(Workers workers, int elements)
    : RowsStep(workers, (int)(((long)elements + Block - 1) / Block), Block)
{
    const int Block = 4096;

    protected sealed override void Rows(int begin, int end)
    {
        long last = Math.Min((long)end * Block, elements);
        int first = begin * Block;
        Elements(first, (int)(last - first));
    }

    /// <summary>Computes <paramref name="count"/> elements from <paramref name="begin"/>.</summary>
    protected abstract void Elements(int begin, int count);
}
