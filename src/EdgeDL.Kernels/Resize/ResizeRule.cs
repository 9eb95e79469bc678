namespace EdgeDL.Kernels.Resize;

/// <summary>What an output is made of. The numbers are part of the file format.</summary>
public enum ResizeMethod
{
    /// <summary>The nearest number, by <see cref="ResizeRounding"/>.</summary>
    Nearest = 0,

    /// <summary>The two neighbours on each axis.</summary>
    Linear = 1,

    /// <summary>Four neighbours on each axis (Keys 1981).</summary>
    Cubic = 2,
}

/// <summary>
/// Where output o lies in the input, s being the scale, n and m the extents of input and output.
/// The numbers are part of the file format.
/// </summary>
public enum ResizeCoordinates
{
    /// <summary>(o + ½) / s − ½.</summary>
    HalfPixel = 0,

    /// <summary>Half pixels round the centre, where n · s was rounded to m.</summary>
    HalfPixelSymmetric = 1,

    /// <summary>Half pixels, but 0 if m is 1.</summary>
    PytorchHalfPixel = 2,

    /// <summary>o · (n − 1) / (n · s − 1).</summary>
    AlignCorners = 3,

    /// <summary>o / s.</summary>
    Asymmetric = 4,

    /// <summary>(o + ½) / s.</summary>
    TfHalfPixelForNearest = 5,

    /// <summary>
    /// Corners aligned to a region from start to end, fractions of n − 1; outside of the input
    /// there is an extrapolation value.
    /// </summary>
    CropAndResize = 6,
}

/// <summary>Which neighbour is nearest. The numbers are part of the file format.</summary>
public enum ResizeRounding
{
    /// <summary>Halves down.</summary>
    PreferFloor = 0,

    /// <summary>Halves up.</summary>
    PreferCeiling = 1,

    /// <summary>Always down.</summary>
    Floor = 2,

    /// <summary>Always up.</summary>
    Ceiling = 3,
}

/// <summary>What all axes of a resize have in common.</summary>
public readonly record struct ResizeRule(
    ResizeMethod Method, ResizeCoordinates Coordinates, ResizeRounding Rounding)
{
    /// <summary>The cubic's a.</summary>
    public float CubicCoefficient { get; init; } = -0.75f;

    /// <summary>Neighbours outside the input weigh nothing, else they repeat its edge.</summary>
    public bool ExcludesOutside { get; init; }

    /// <summary>Where the input shrinks, windows widen until they cover all of it.</summary>
    public bool Antialiases { get; init; }
}

/// <summary>One axis of a resize.</summary>
public readonly record struct ResizeSpan(
    int Input, int Output, float Scale, float Start, float End);
