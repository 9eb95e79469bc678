using EdgeDL.Execution;

namespace EdgeDL.Ops;

/// <summary>
/// A step whose result is made of independent rows: it splits them over the workers when there is
/// enough to do. The split never changes a bit of the result.
/// </summary>
abstract class RowsStep(Workers workers, int rows, long elementsPerRow) : Step, IParallelWork
{
    // Waking a worker costs a few microseconds: below this, one thread is faster.
    const long ElementsPerPart = 16 * 1024;

    readonly int parts = (int)Math.Clamp(
        rows * elementsPerRow / ElementsPerPart, 1, Math.Max(1, Math.Min(rows, workers.Count)));

    public sealed override void Run()
    {
        if (parts == 1)
        {
            Rows(0, rows);
        }
        else
        {
            workers.Run(this, parts);
        }
    }

    public void Execute(int index, int worker) =>
        Rows((int)((long)rows * index / parts), (int)((long)rows * (index + 1) / parts));

    /// <summary>Computes rows <paramref name="begin"/> to <paramref name="end"/> − 1.</summary>
    protected abstract void Rows(int begin, int end);
}
