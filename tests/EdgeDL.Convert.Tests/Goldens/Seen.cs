namespace EdgeDL.Convert.Tests.Goldens;

/// <summary>An object of a photo: what it is, how sure, and its box in pixels.</summary>
public sealed record Seen(
    string Name, int Class, float Score, float Left, float Top, float Right, float Bottom)
{
    /// <summary>The same class in the same place: intersection over union.</summary>
    public bool Is(Seen other, float overlap)
    {
        float width = MathF.Min(Right, other.Right) - MathF.Max(Left, other.Left);
        float height = MathF.Min(Bottom, other.Bottom) - MathF.Max(Top, other.Top);
        float common = MathF.Max(width, 0) * MathF.Max(height, 0);
        return Class == other.Class && common >= overlap * (Area + other.Area - common);
    }

    float Area => (Right - Left) * (Bottom - Top);
}
