namespace EdgeDL.Devices.Media;

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
