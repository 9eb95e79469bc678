using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Convert.Patching;

/// <summary>
/// What one patch needs of a tensor along one axis: <paramref name="Extent"/> positions from
/// origin · <paramref name="Scale"/> − <paramref name="Before"/> on.
/// </summary>
readonly record struct PatchRegion(int Scale, int Before, int Extent)
{
    /// <summary>All of an axis that is not cut.</summary>
    public static PatchRegion Whole(int extent) => new(0, 0, extent);

    public PatchAxis Axis => new(Scale, Before);

    /// <summary>True if some patch reaches beyond a tensor of so many positions.</summary>
    public bool LeavesBorder(int extent, int lastOrigin) =>
        Before > 0 || ((long)lastOrigin * Scale) - Before + Extent > extent;
}

/// <summary>
/// The regions of the values of a segment along one axis, from the patch backwards: what a layer
/// computes tells what it reads, and what several layers read is taken once.
/// </summary>
static class PatchRegions
{
    const int Most = 1 << 20;

    /// <param name="segment">The layers and the values between them.</param>
    /// <param name="isRows">The height, else the width.</param>
    /// <param name="patch">Positions of one patch; all there are: the axis is not cut.</param>
    /// <returns>By place of the value in the segment; null if the layers can't be cut.</returns>
    public static PatchRegion[]? Along(PatchSegment segment, bool isRows, int patch)
    {
        var regions = new PatchRegion[segment.Values.Count];
        int last = regions.Length - 1;
        bool isWhole = patch == segment.Extent(last, isRows);
        regions[last] = isWhole ? PatchRegion.Whole(patch) : new(1, 0, patch);
        for (int n = segment.Layers.Count - 1; n >= 0; n--)
        {
            PatchRegion made = regions[n + 1];
            if (made.Extent == 0)
            {
                return null;
            }

            foreach (int value in segment.Layers[n].Reads)
            {
                int place = segment.PlaceOf(value);
                PatchRegion? joined = isWhole
                    ? PatchRegion.Whole(segment.Extent(place, isRows))
                    : Join(regions[place], Needed(segment, n, isRows, made));
                if (joined is not { } region)
                {
                    return null;
                }

                regions[place] = region;
            }
        }

        return regions;
    }

    /// <summary>What layer n reads so that it makes a region.</summary>
    public static PatchRegion Needed(PatchSegment segment, int n, bool isRows, PatchRegion made)
    {
        LayerAxis axis = isRows ? segment.Layers[n].Rows : segment.Layers[n].Columns;
        return new(
            made.Scale * axis.Stride,
            (made.Before * axis.Stride) + axis.PadBefore,
            ((made.Extent - 1) * axis.Stride) + ((axis.Kernel - 1) * axis.Dilation) + 1);
    }

    static PatchRegion? Join(PatchRegion a, PatchRegion b)
    {
        if (b.Scale > Most || b.Extent > Most || Math.Abs(b.Before) > Most
            || (a.Extent > 0 && a.Scale != b.Scale))
        {
            return null;
        }

        if (a.Extent == 0)
        {
            return b;
        }

        int before = Math.Max(a.Before, b.Before);
        int end = Math.Max(a.Extent - a.Before, b.Extent - b.Before);
        return new(a.Scale, before, end + before);
    }
}
