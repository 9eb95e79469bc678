namespace EdgeDL.Testing;

/// <summary>Lengths at which vector code goes wrong.</summary>
public static class Lengths
{
    /// <summary>0..70: every remainder of a 64-byte vector, with and without whole ones.</summary>
    public static IEnumerable<int> Short => Range(0, 70);

    /// <summary>0..70 and the neighbourhoods of some larger blocks.</summary>
    public static IEnumerable<int> WithBlocks =>
        Range(0, 70).Concat([95, 96, 97, 127, 128, 129, 255, 256, 257, 511, 1000]);

    /// <summary>
    /// first..last, thinned out where EDGEDL_SHORT=1 (an emulated CPU is a hundred times slower).
    /// The neighbourhoods of the vector widths stay in.
    /// </summary>
    public static IEnumerable<int> Range(int first, int last)
    {
        for (int n = first; n <= last; n++)
        {
            if (!Settings.Short || n < 5 || n == last || IsNearVector(n))
            {
                yield return n;
            }
        }
    }

    static bool IsNearVector(int n) => (n + 1) % 16 <= 2;
}
