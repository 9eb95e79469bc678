namespace EdgeDL.Convert;

/// <summary>
/// How many bytes of constants a conversion may make beyond those it got: a small file that names
/// one buffer a thousand times, or computes large constants from small ones, stays small.
/// </summary>
sealed class ConstantBudget(long given)
{
    const long AlwaysBytes = 64L << 20;
    const long GrowthFactor = 16;

    long left = AlwaysBytes + GrowthFactor * given;

    /// <summary>Takes so many bytes; false, and nothing taken, if they are not left.</summary>
    public bool TryTake(long bytes)
    {
        if (bytes > left)
        {
            return false;
        }

        left -= bytes;
        return true;
    }
}
