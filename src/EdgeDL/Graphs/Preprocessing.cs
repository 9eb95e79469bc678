namespace EdgeDL.Graphs;

/// <summary>What a model input is made from. The numbers are part of the file format.</summary>
public enum InputKind
{
    /// <summary>Bytes or numbers that go in as they are.</summary>
    Raw = 0,
    /// <summary>A picture, resized to the input's height and width.</summary>
    Image = 1,
    /// <summary>A clip of sound, resampled to <see cref="Preprocessing.SampleRate"/>.</summary>
    Audio = 2,
}

/// <summary>How a picture is brought to the input's size.</summary>
public enum ResizeMode
{
    /// <summary>Stretch to fit.</summary>
    Stretch = 0,
    /// <summary>Keep the ratio, pad the rest with the mean.</summary>
    Letterbox = 1,
    /// <summary>Keep the ratio, cut from the centre.</summary>
    CenterCrop = 2,
}

/// <summary>The order of a picture's channels in the tensor.</summary>
public enum ChannelOrder
{
    Rgb = 0,
    Bgr = 1,
    Gray = 2,
}

/// <summary>
/// How one input of a model is made: value = (sample − mean) · scale. A float input takes the
/// value; an integer input takes it rounded if <see cref="Direct"/>, else quantized by the
/// input's own scale and zero point.
/// </summary>
public sealed record Preprocessing
{
    /// <summary>Which input of the main graph.</summary>
    public int Input { get; init; }

    /// <summary>What the input is made from.</summary>
    public InputKind Kind { get; init; }

    /// <summary>How a picture is resized.</summary>
    public ResizeMode Resize { get; init; }

    /// <summary>The order of a picture's channels.</summary>
    public ChannelOrder Channels { get; init; }

    /// <summary>
    /// True if an integer input takes the value rounded, without its own quantization.
    /// </summary>
    public bool Direct { get; init; }

    /// <summary>Subtracted from a sample: pixels are 0…255, sound is −32768…32767.</summary>
    public float Mean { get; init; }

    /// <summary>Multiplied after the mean is subtracted.</summary>
    public float Scale { get; init; } = 1f;

    /// <summary>Samples per second of sound; 0 for anything else.</summary>
    public int SampleRate { get; init; }
}
