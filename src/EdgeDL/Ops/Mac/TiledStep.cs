using EdgeDL.Execution;

namespace EdgeDL.Ops;

/// <summary>
/// A step over rows × panels of an output. Rows are split among the workers while there are enough
/// of them, else panels; the split never changes a bit of the result.
/// </summary>
abstract class TiledStep : Step, IParallelWork
{
    /// <summary>A multiply-accumulate of a depthwise convolution takes as long as so many of a
    /// matrix product.</summary>
    protected const int DepthwiseWeight = 4;

    // Handing a part over costs a fraction of a microsecond: this is a few.
    const long MacsPerPart = 48 * 1024;

    // More parts than workers, so that a core slowed down by others holds up less.
    const int PartsPerWorker = 4;

    readonly Workers workers;
    readonly int rowUnits;
    readonly int rows;
    readonly int tileRows;
    readonly int panels;
    readonly int parts;
    readonly bool splitsRows;

    protected TiledStep(Workers workers, int rows, int tileRows, int panels, long macs)
    {
        this.workers = workers;
        this.rows = rows;
        this.tileRows = tileRows;
        this.panels = panels;
        rowUnits = (rows + tileRows - 1) / tileRows;
        splitsRows = rowUnits >= panels || rowUnits >= PartsPerWorker * workers.Count;
        int most = workers.Count == 1 ? 1 : PartsPerWorker * workers.Count;
        most = Math.Min(most, splitsRows ? rowUnits : panels);
        parts = (int)Math.Clamp(macs / MacsPerPart, 1, Math.Max(1, most));
    }

    public sealed override void Run()
    {
        Before();
        if (parts == 1)
        {
            Tiles(0, rows, 0, panels, 0);
        }
        else
        {
            workers.Run(this, parts);
        }
    }

    public void Execute(int index, int worker)
    {
        if (splitsRows)
        {
            Tiles(
                Cut(rowUnits, index) * tileRows,
                Math.Min(rows, Cut(rowUnits, index + 1) * tileRows), 0, panels, worker);
        }
        else
        {
            Tiles(0, rows, Cut(panels, index), Cut(panels, index + 1), worker);
        }
    }

    int Cut(int units, int index) => (int)((long)units * index / parts);

    /// <summary>What must be done once, before the parts.</summary>
    protected virtual void Before()
    {
    }

    protected abstract void Tiles(
        int rowBegin, int rowEnd, int panelBegin, int panelEnd, int worker);
}
