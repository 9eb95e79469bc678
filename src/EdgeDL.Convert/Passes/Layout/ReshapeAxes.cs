using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes.Layout;

/// <summary>How a permutation goes through a reshape.</summary>
static class ReshapeAxes
{
    /// <summary>
    /// The permutation of y = reshape(x) for which y permuted is a reshape of x permuted; null if
    /// there is none. Both shapes are cut into the smallest runs of axes with equal products;
    /// the permutation must move whole runs.
    /// </summary>
    public static int[]? Through(Shape x, ReadOnlySpan<int> perm, Shape y)
    {
        int[] runOfX = new int[x.Rank];
        var runsOfY = new List<List<int>>();
        if (x.Elements == 0 || !Match(x, y, runOfX, runsOfY))
        {
            return null;
        }

        var result = new List<int>();
        for (int d = 0; d < perm.Length; d++)
        {
            if (x[perm[d]] == 1)
            {
                continue;
            }

            int run = runOfX[perm[d]];
            if (d > 0 && Previous(x, perm, d) is { } before && runOfX[before] == run)
            {
                // Within a run the order stays.
                if (before > perm[d])
                {
                    return null;
                }

                continue;
            }

            // A run that comes up twice has been torn apart.
            if (result.Contains(runsOfY[run][0]))
            {
                return null;
            }

            result.AddRange(runsOfY[run]);
        }

        return WithUnits(y, result);
    }

    /// <summary>The axis of y that holds just what an axis of x holds; −1 if none does.</summary>
    public static int Of(Shape x, int axis, Shape y)
    {
        for (int d = 0; d < y.Rank; d++)
        {
            if (y[d] == x[axis] && y.Product(0, d) == x.Product(0, axis))
            {
                return d;
            }
        }

        return -1;
    }

    static int? Previous(Shape x, ReadOnlySpan<int> perm, int d)
    {
        for (int e = d - 1; e >= 0; e--)
        {
            if (x[perm[e]] != 1)
            {
                return perm[e];
            }
        }

        return null;
    }

    static bool Match(Shape x, Shape y, int[] runOfX, List<List<int>> runsOfY)
    {
        int i = 0;
        int j = 0;
        while (true)
        {
            while (i < x.Rank && x[i] == 1)
            {
                i++;
            }

            while (j < y.Rank && y[j] == 1)
            {
                j++;
            }

            if (i == x.Rank || j == y.Rank)
            {
                return i == x.Rank && j == y.Rank;
            }

            long a = x[i];
            long b = y[j];
            var run = new List<int> { j };
            runOfX[i++] = runsOfY.Count;
            j++;
            while (a != b)
            {
                if (a < b)
                {
                    runOfX[i] = runsOfY.Count;
                    a *= x[i++];
                }
                else
                {
                    if (y[j] != 1)
                    {
                        run.Add(j);
                    }

                    b *= y[j++];
                }
            }

            runsOfY.Add(run);
        }
    }

    // Axes of extent 1 may stand anywhere: each follows the axis that it follows in y.
    static int[] WithUnits(Shape y, List<int> order)
    {
        var result = new List<int>(order);
        for (int d = 0; d < y.Rank; d++)
        {
            if (y[d] == 1)
            {
                result.Insert(d == 0 ? 0 : result.IndexOf(d - 1) + 1, d);
            }
        }

        return [.. result];
    }
}
