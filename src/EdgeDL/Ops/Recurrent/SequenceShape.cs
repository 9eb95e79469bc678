using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// How a sequence lies in memory: [batch, time, n], [time, batch, n] or [batch, n].
/// </summary>
readonly record struct SequenceShape(int Batch, int Time, int Inputs, bool TimeMajor, bool Reverse)
{
    /// <summary>Reads the extents of a sequence; rejects other ranks.</summary>
    public static SequenceShape Of(InferContext c, bool timeMajor, bool reverse)
    {
        Shape x = c.Input(0).Shape;
        if (x.Rank is not (2 or 3))
        {
            c.Fail($"a sequence has rank 3, one step of it rank 2; the input is {x}");
        }

        return Of(x, timeMajor, reverse);
    }

    /// <summary>The extents of a sequence of rank 2 or 3.</summary>
    public static SequenceShape Of(in Shape x, bool timeMajor, bool reverse) => x.Rank == 2
        ? new(x[0], 1, x[1], false, reverse)
        : timeMajor
            ? new(x[1], x[0], x[2], true, reverse)
            : new(x[0], x[1], x[2], false, reverse);

    /// <summary>The row of step <paramref name="t"/>, in running order, of one batch.</summary>
    public int Row(int batch, int t)
    {
        int at = Reverse ? Time - 1 - t : t;
        return TimeMajor ? (at * Batch) + batch : (batch * Time) + at;
    }
}
