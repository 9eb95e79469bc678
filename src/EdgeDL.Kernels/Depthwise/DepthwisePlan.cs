using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>
/// How a depthwise convolution lies in memory while it runs. Input lines are padded and converted
/// into a ring of as many as one window is high. There the lanes of an output line, all channels of
/// its first position, then of its second and so on, read each tap at one distance from the lane.
/// </summary>
/// <remarks>
/// With a stride of s along the line, pixels 0, s, 2s… come first, then 1, s + 1…: then every tap
/// is dense again. A channel multiplier repeats the channels. Weights repeat with the channels too,
/// in blocks of a vector of lanes, until block and pixel end together.
/// </remarks>
readonly record struct DepthwisePlan
{
    /// <summary>Taps, rounded up to those that a kernel takes together.</summary>
    public required int Taps { get; init; }

    /// <summary>Blocks of lanes until the channels repeat.</summary>
    public required int Blocks { get; init; }

    /// <summary>Lines that a window spans.</summary>
    public required int Lines { get; init; }

    /// <summary>Phases of a line: pixels that lie as many apart as the stride.</summary>
    public required int Phases { get; init; }

    public required int PhasePixels { get; init; }

    /// <summary>Values from a line to the next.</summary>
    public required nint LineValues { get; init; }

    public required long ScratchBytes { get; init; }

    public long TableBytes => (8L * Taps + 63) & ~63L;

    /// <param name="s">Groups = InChannels.</param>
    /// <param name="columns">Lanes of a block.</param>
    /// <param name="group">Taps that a kernel takes together.</param>
    /// <param name="elementBytes">Of a converted value.</param>
    public static DepthwisePlan Of(in ConvShape s, int columns, int group, int elementBytes)
    {
        int taps = (s.Taps + group - 1) / group * group;
        long extent = (s.KernelWidth - 1L) * s.DilationWidth;
        long phases = Math.Min(s.StrideWidth, extent + 1);
        long pixels = s.OutWidth + extent / s.StrideWidth;
        long lines = (s.KernelHeight - 1L) * s.DilationHeight + 1;
        // What no machine has is not worked out to the byte.
        double bytes = (double)phases * pixels * s.OutChannels * lines * elementBytes;
        bool fits = bytes < 1L << 40 && pixels < int.MaxValue && lines < int.MaxValue;
        nint values = fits ? (nint)(phases * pixels * s.OutChannels) : 0;
        var plan = new DepthwisePlan
        {
            Taps = taps,
            Blocks = s.OutChannels / Divisor(s.OutChannels, columns),
            Lines = fits ? (int)lines : 0,
            Phases = (int)phases,
            PhasePixels = fits ? (int)pixels : 0,
            LineValues = values,
            ScratchBytes = 0,
        };
        // The last lanes of the last line read to the end of their block.
        long ring = fits ? (lines * values + columns) * elementBytes : 1L << 60;
        return plan with { ScratchBytes = (plan.TableBytes + ring + 63) & ~63L };
    }

    /// <summary>Distance of each tap from a lane of the window whose first line is
    /// <paramref name="top"/>, counted from the padding's first.</summary>
    public unsafe void Place(in ConvShape s, int top, nint* taps)
    {
        (int pixelStep, int phaseStep) = Math.DivRem(s.DilationWidth, s.StrideWidth);
        int t = 0, height = top % Lines;
        for (int h = 0; h < s.KernelHeight; h++)
        {
            nint line = height * LineValues;
            int pixel = 0, phase = 0;
            for (int w = 0; w < s.KernelWidth; w++)
            {
                taps[t++] = line + ((nint)phase * PhasePixels + pixel) * s.OutChannels;
                pixel += pixelStep;
                phase += phaseStep;
                if (phase >= s.StrideWidth)
                {
                    phase -= s.StrideWidth;
                    pixel++;
                }
            }
            height += s.DilationHeight;
            height -= height >= Lines ? Lines : 0;
        }
        for (; t < Taps; t++)
        {
            // Its weights are zero; it only has to be readable.
            taps[t] = taps[t - 1];
        }
    }

    static int Divisor(int a, int b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }
        return a;
    }
}
