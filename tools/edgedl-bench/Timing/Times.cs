namespace EdgeDL.Bench.Timing;

/// <summary>Something that is timed.</summary>
interface IContender
{
    /// <summary>Puts the inputs where a run reads them; not timed.</summary>
    void Fill();

    void Run();
}

/// <summary>Microseconds of the runs of a contender, the shortest first.</summary>
/// <param name="sorted">Of the runs that count.</param>
/// <param name="interrupted">The part of all runs that other programs interrupted.</param>
sealed class Times(double[] sorted, double interrupted)
{
    public double Interrupted => interrupted;

    public double Median => Percentile(0.5);

    public double P99 => Percentile(0.99);

    public int Runs => sorted.Length;

    double Percentile(double fraction)
    {
        int rank = (int)Math.Ceiling(fraction * sorted.Length) - 1;
        return sorted[Math.Clamp(rank, 0, sorted.Length - 1)];
    }
}
