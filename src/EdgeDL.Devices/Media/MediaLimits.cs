namespace EdgeDL.Devices.Media;

/// <summary>
/// What a media file may cost: checked against its header before memory is taken for it.
/// </summary>
/// <param name="FileBytes">Largest file that is read.</param>
/// <param name="Pixels">Largest width × height that is decoded.</param>
/// <param name="Seconds">Longest sound that is decoded.</param>
public readonly record struct MediaLimits(long FileBytes, long Pixels, int Seconds)
{
    /// <summary>64 MB of file, 32 megapixels, ten minutes of sound.</summary>
    public static MediaLimits Default => new(64L << 20, 32L << 20, 600);
}
