namespace EdgeDL.Kernels.Detect;

/// <summary>A box by its corners; four floats in this order.</summary>
public readonly record struct Box(float YMin, float XMin, float YMax, float XMax)
{
    /// <summary>
    /// |a ∩ b| / |a ∪ b| in float; 0 where a box has no area. Corners are taken as they are.
    /// </summary>
    public static float IntersectionOverUnion(Box a, Box b)
    {
        float areaA = (a.YMax - a.YMin) * (a.XMax - a.XMin);
        float areaB = (b.YMax - b.YMin) * (b.XMax - b.XMin);
        if (areaA <= 0 || areaB <= 0)
        {
            return 0;
        }

        float height = MathF.Min(a.YMax, b.YMax) - MathF.Max(a.YMin, b.YMin);
        float width = MathF.Min(a.XMax, b.XMax) - MathF.Max(a.XMin, b.XMin);
        float common = MathF.Max(height, 0) * MathF.Max(width, 0);
        return common / (areaA + areaB - common);
    }

    /// <summary>The same box with its corners in order.</summary>
    public Box Ordered() => new(
        MathF.Min(YMin, YMax), MathF.Min(XMin, XMax),
        MathF.Max(YMin, YMax), MathF.Max(XMin, XMax));
}
