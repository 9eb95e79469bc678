namespace EdgeDL.Kernels.Resize;

/// <summary>
/// The neighbours of each output along one axis and their weights, of the rules of ONNX's Resize.
/// Positions are fp32, so that ties fall as in other runtimes.
/// </summary>
public static class ResizeTaps
{
    /// <summary>Neighbours of one output.</summary>
    public static long Count(in ResizeRule rule, float scale)
    {
        if (rule.Method == ResizeMethod.Nearest)
        {
            return 1;
        }

        int reach = rule.Method == ResizeMethod.Linear ? 1 : 2;
        return -2 * First(reach, rule, scale) + 2;
    }

    /// <summary>
    /// indices and weights [output][taps], and for the crop whether an output is outside.
    /// </summary>
    public static void Fill(
        in ResizeRule rule, in ResizeSpan axis, Span<int> indices, Span<float> weights,
        Span<bool> outside)
    {
        int taps = indices.Length / axis.Output;
        for (int o = 0; o < axis.Output; o++)
        {
            float at = Position(rule.Coordinates, axis, o);
            outside[o] = rule.Coordinates == ResizeCoordinates.CropAndResize
                && !(at >= 0 && at <= axis.Input - 1);
            at = Math.Clamp(at, -(1 << 30), 1 << 30);
            Span<int> index = indices.Slice(o * taps, taps);
            Span<float> weight = weights.Slice(o * taps, taps);
            if (rule.Method == ResizeMethod.Nearest)
            {
                index[0] = Math.Clamp(Nearest(rule.Rounding, at), 0, axis.Input - 1);
                weight[0] = 1;
            }
            else
            {
                Interpolate(rule, axis, at, index, weight);
            }
        }
    }

    static float Position(ResizeCoordinates coordinates, in ResizeSpan axis, int o)
    {
        float last = axis.Input - 1;
        // Scales whose result was rounded keep their own length.
        float length = axis.Input * axis.Scale;
        length = MathF.Abs(length - axis.Output) < 1e-3f ? axis.Output : length;
        float half = (o + 0.5f) / axis.Scale - 0.5f;
        return coordinates switch
        {
            ResizeCoordinates.HalfPixelSymmetric =>
                axis.Input / 2f * (1 - axis.Output / length) + (o + 0.5f) / axis.Scale - 0.5f,
            ResizeCoordinates.PytorchHalfPixel => axis.Output > 1 ? half : 0,
            ResizeCoordinates.AlignCorners => o == 0 ? 0 : o * last / (length - 1),
            ResizeCoordinates.Asymmetric => o / axis.Scale,
            ResizeCoordinates.TfHalfPixelForNearest => (o + 0.5f) / axis.Scale,
            ResizeCoordinates.CropAndResize => axis.Output > 1
                ? axis.Start * last + o * (axis.End - axis.Start) * last / (axis.Output - 1)
                : 0.5f * (axis.Start + axis.End) * last,
            _ => half,
        };
    }

    static int Nearest(ResizeRounding rounding, float at) => (int)(rounding switch
    {
        ResizeRounding.PreferFloor => MathF.Ceiling(at - 0.5f),
        ResizeRounding.PreferCeiling => MathF.Floor(at + 0.5f),
        ResizeRounding.Floor => MathF.Floor(at),
        _ => MathF.Ceiling(at),
    });

    static void Interpolate(
        in ResizeRule rule, in ResizeSpan axis, float at, Span<int> index, Span<float> weight)
    {
        // The neighbour at or before the position is at 0, the one behind at 1.
        int before = (int)MathF.Ceiling(at) - 1;
        double ratio = at - before;
        int first = 1 - index.Length / 2;
        double shrink = rule.Antialiases ? Math.Min(axis.Scale, 1) : 1;
        double sum = 0;
        for (int t = 0; t < index.Length; t++)
        {
            int i = before + first + t;
            double distance = Math.Abs(first + t - ratio) * shrink;
            double w = rule.Method == ResizeMethod.Linear
                ? Math.Max(0, 1 - distance)
                : Cubic(distance, rule.CubicCoefficient);
            bool counts = !rule.ExcludesOutside || (i >= 0 && i < axis.Input);
            index[t] = Math.Clamp(i, 0, axis.Input - 1);
            weight[t] = counts ? (float)w : 0;
            sum += counts ? w : 0;
        }

        bool isWhole = !rule.ExcludesOutside && shrink == 1;
        for (int t = 0; t < weight.Length && !isWhole && sum != 0; t++)
        {
            weight[t] = (float)(weight[t] / sum);
        }
    }

    static double Cubic(double d, double a) => d switch
    {
        < 1 => ((a + 2) * d - (a + 3)) * d * d + 1,
        < 2 => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a,
        _ => 0,
    };

    static long First(int reach, in ResizeRule rule, float scale)
    {
        double shrink = rule.Antialiases ? Math.Min(scale, 1) : 1;
        return (long)Math.Floor(-reach / shrink) + 1;
    }
}
