using EdgeDL.Graphs;
using EdgeDL.Memory;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Patching;

/// <summary>One way to cut a segment: patches of so many rows and columns.</summary>
/// <param name="Segment">The layers.</param>
/// <param name="Rows">The height of a patch.</param>
/// <param name="Columns">The width of a patch.</param>
/// <param name="PeakBytes">What lives while it runs, at most, as far as can be told before it is
/// planned.</param>
/// <param name="RepeatedMacs">What it computes more than once.</param>
/// <param name="Cost">That, and its steps and copies in the same unit.</param>
readonly record struct PatchChoice(
    PatchSegment Segment, int Rows, int Columns, long PeakBytes, long RepeatedMacs, long Cost);

/// <summary>Every way to cut a segment that none of the others beats in both peak and cost.
/// </summary>
static class PatchChoices
{
    // What starting a step costs a small core, and a byte copied, in multiply-accumulates.
    const long MacsPerStep = 10_000;

    const long MacsPerByte = 1;

    /// <param name="segment">The layers.</param>
    /// <param name="macs">Of each layer on its whole input.</param>
    /// <param name="aroundBytes">What lives beside them: their input and what others read
    /// behind.</param>
    public static List<PatchChoice> Of(PatchSegment segment, long[] macs, long aroundBytes)
    {
        int last = segment.Values.Count - 1;
        long outside = aroundBytes + Arena.Align(segment[last].Bytes);
        List<(int Patch, PatchRegion[] Regions)> rows = Cuts(segment, isRows: true);
        List<(int Patch, PatchRegion[] Regions)> columns = Cuts(segment, isRows: false);
        var all = new List<PatchChoice>();
        foreach ((int height, PatchRegion[] down) in rows)
        {
            foreach ((int width, PatchRegion[] across) in columns)
            {
                long patches = (long)Count(segment.Extent(last, true), height)
                    * Count(segment.Extent(last, false), width);
                if (patches > 1)
                {
                    all.Add(Weigh(segment, macs, outside, patches, (height, down),
                        (width, across)));
                }
            }
        }

        var best = new List<PatchChoice>();
        foreach (PatchChoice choice in all.OrderBy(c => c.Cost).ThenBy(c => c.PeakBytes))
        {
            if (best.Count == 0 || choice.PeakBytes < best[^1].PeakBytes)
            {
                best.Add(choice);
            }
        }

        return best;
    }

    // One size for each number of patches: the smallest that makes do with them.
    static List<(int Patch, PatchRegion[] Regions)> Cuts(PatchSegment segment, bool isRows)
    {
        int extent = segment.Extent(segment.Values.Count - 1, isRows);
        var cuts = new List<(int, PatchRegion[])>();
        int before = 0;
        for (int count = 1; count <= extent; count++)
        {
            int patch = Count(extent, count);
            if (patch != before && PatchRegions.Along(segment, isRows, patch) is { } regions)
            {
                cuts.Add((patch, regions));
            }

            before = patch;
        }

        return cuts;
    }

    static PatchChoice Weigh(
        PatchSegment segment, long[] macs, long outside, long patches,
        (int Patch, PatchRegion[] Regions) rows, (int Patch, PatchRegion[] Regions) columns)
    {
        int values = segment.Values.Count;
        long[] bytes = new long[values];
        int[] lastUse = new int[values];
        for (int place = 0; place < values; place++)
        {
            Value v = segment[place];
            bytes[place] = Arena.Align(v.DType.Bytes(
                (long)v.Shape[0] * rows.Regions[place].Extent * columns.Regions[place].Extent
                    * v.Shape[3]));
        }

        long[] sliced = new long[segment.Layers.Count];
        long work = 0;
        for (int n = 0; n < segment.Layers.Count; n++)
        {
            foreach (int read in segment.Layers[n].Reads)
            {
                int place = segment.PlaceOf(read);
                lastUse[place] = n;
                sliced[n] += Sliced(segment, n, place, rows.Regions, columns.Regions);
            }

            Value made = segment[n + 1];
            double part = (double)rows.Regions[n + 1].Extent * columns.Regions[n + 1].Extent
                / ((double)made.Shape[1] * made.Shape[2]);
            work += (long)(macs[n] * part);
        }

        lastUse[^1] = segment.Layers.Count;
        long peak = 0;
        for (int n = 0; n < segment.Layers.Count; n++)
        {
            // One line for the patch's origin.
            long live = Arena.Alignment + sliced[n];
            for (int place = 0; place <= n + 1; place++)
            {
                live += lastUse[place] >= n ? bytes[place] : 0;
            }

            peak = Math.Max(peak, live);
        }

        long repeated = (patches * work) - macs.Sum();
        long overhead = patches * ((MacsPerStep * segment.Layers.Count)
            + (MacsPerByte * (bytes[0] + bytes[^1] + sliced.Sum())));
        return new(
            segment, rows.Patch, columns.Patch, outside + peak, repeated,
            Math.Max(0, repeated) + overhead);
    }

    // What a layer must copy out of a value that another layer needs more of.
    static long Sliced(
        PatchSegment segment, int n, int place, PatchRegion[] rows, PatchRegion[] columns)
    {
        int height = rows[place].Scale == 0 ? rows[place].Extent
            : PatchRegions.Needed(segment, n, true, rows[n + 1]).Extent;
        int width = columns[place].Scale == 0 ? columns[place].Extent
            : PatchRegions.Needed(segment, n, false, columns[n + 1]).Extent;
        Value v = segment[place];
        return height == rows[place].Extent && width == columns[place].Extent ? 0
            : Arena.Align(v.DType.Bytes((long)v.Shape[0] * height * width * v.Shape[3]));
    }

    static int Count(int extent, int part) => (extent + part - 1) / part;
}
