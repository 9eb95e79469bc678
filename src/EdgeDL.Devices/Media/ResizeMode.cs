namespace EdgeDL.Devices.Media;

/// <summary>How a picture of one shape goes into a frame of another.</summary>
public enum ResizeFit : byte
{
    /// <summary>Each axis by its own factor: all of the picture, its shape changed.</summary>
    Stretch = 0,

    /// <summary>One factor, all of the picture, bars beside or above it.</summary>
    Letterbox = 1,

    /// <summary>One factor, the frame filled, what hangs over at the sides cut off.</summary>
    Crop = 2,
}

/// <summary>How pixels between pixels are computed; pixel centres are at half steps.</summary>
public enum ResizeFilter : byte
{
    /// <summary>The two nearest pixels of each axis, as cameras' scalers and TensorFlow do.
    /// </summary>
    Bilinear = 0,

    /// <summary>The mean of the covered area; enlarging, the same as bilinear.</summary>
    Area = 1,

    /// <summary>A triangle as wide as the reduction: what training pipelines call antialiased
    /// bilinear; enlarging, the same as bilinear.</summary>
    Triangle = 2,

    /// <summary>The nearest pixel.</summary>
    Nearest = 3,
}
