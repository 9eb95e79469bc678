using EdgeDL.Kernels.Resize;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// Resizes of [N, C, H, W] that the 2-D ops express, which do both axes in one pass.
/// </summary>
static class PictureResize
{
    /// <summary>The 2-D op for a channels-last picture, or null.</summary>
    public static Op? Find(in ResizeRule rule, Shape x, ResizedAxis[] axes)
    {
        if (x.Rank != 4)
        {
            return null;
        }

        (int height, int width) = (x[2], x[3]);
        foreach (ResizedAxis a in axes)
        {
            (height, width) = a.Axis == 2 ? (a.Output, width)
                : a.Axis == 3 ? (height, a.Output) : (height, width);
            if (a.Scale != a.Output / (float)x[a.Axis])
            {
                return null;
            }
        }

        return rule.Method switch
        {
            ResizeMethod.Nearest => Repeats(rule) && height % x[2] == 0 && width % x[3] == 0
                ? new ResizeNearest(height, width, alignCorners: false, halfPixelCenters: false)
                : null,
            ResizeMethod.Linear when !rule.Antialiases && !rule.ExcludesOutside =>
                Grid(rule.Coordinates, Math.Min(height, width)) is { } grid
                    ? new ResizeBilinear(height, width, grid)
                    : null,
            _ => null,
        };
    }

    // For whole factors s both read the input at ⌊o / s⌋.
    static bool Repeats(in ResizeRule rule) => (rule.Coordinates, rule.Rounding)
        is (ResizeCoordinates.Asymmetric, ResizeRounding.Floor)
        or (ResizeCoordinates.HalfPixel, ResizeRounding.PreferFloor);

    static ResizeGrid? Grid(ResizeCoordinates coordinates, int least) => coordinates switch
    {
        ResizeCoordinates.HalfPixel => ResizeGrid.HalfPixelCenters,
        ResizeCoordinates.PytorchHalfPixel when least > 1 => ResizeGrid.HalfPixelCenters,
        ResizeCoordinates.AlignCorners when least > 1 => ResizeGrid.AlignCorners,
        ResizeCoordinates.Asymmetric => ResizeGrid.Legacy,
        _ => null,
    };
}
