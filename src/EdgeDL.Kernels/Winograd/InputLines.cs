using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Winograd;

/// <summary>The four lines of the input under a line of tiles.</summary>
readonly unsafe struct InputLines<T>
    where T : unmanaged
{
    /// <param name="s">The convolution.</param>
    /// <param name="input">All of it.</param>
    /// <param name="place">A tile of the line.</param>
    /// <param name="outside">As many as the input has channels: a line beyond the edge is this
    /// all along.</param>
    public InputLines(in ConvShape s, T* input, TilePlace place, T* outside)
    {
        Of(s, input, place, 0, outside, out Line0, out Step0);
        Of(s, input, place, 1, outside, out Line1, out Step1);
        Of(s, input, place, 2, outside, out Line2, out Step2);
        Of(s, input, place, 3, outside, out Line3, out Step3);
    }

    InputLines(in InputLines<T> lines, int channel)
    {
        this = lines;
        Line0 += channel;
        Line1 += channel;
        Line2 += channel;
        Line3 += channel;
    }

    /// <summary>The first position of each.</summary>
    public readonly T* Line0, Line1, Line2, Line3;

    /// <summary>From a position to the next.</summary>
    public readonly nint Step0, Step1, Step2, Step3;

    /// <summary>The same from a channel on.</summary>
    public InputLines<T> At(int channel) => new(this, channel);

    static void Of(
        in ConvShape s, T* input, TilePlace place, int i, T* outside, out T* line, out nint step)
    {
        int y = place.Y - s.PadTop + i;
        bool isInside = (uint)y < (uint)s.InHeight;
        nint first = ((nint)place.Batch * s.InHeight + y) * s.InWidth * s.InChannels;
        line = isInside ? input + first : outside;
        step = isInside ? s.InChannels : 0;
    }
}
