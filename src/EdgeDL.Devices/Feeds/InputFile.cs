using EdgeDL.Devices.Media;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Devices.Feeds;

/// <summary>
/// One file that fills one input. Pictures and WAV files are known by their
/// ending or first bytes; <c>.rgb</c> holds pixels of the input's own size; anything else holds
/// the input's bytes, or 16-bit PCM where the model takes sound.
/// </summary>
public sealed class InputFile
{
    readonly TensorView input;
    readonly Preprocessing how;
    readonly ResizeFilter filter;
    readonly byte[]? raw;
    readonly AudioClip? clip;

    InputFile(
        string place,
        TensorView input,
        Preprocessing how,
        ResizeFilter filter,
        byte[]? raw,
        Image? image,
        AudioClip? clip)
    {
        Place = place;
        Image = image;
        this.input = input;
        this.how = how;
        this.filter = filter;
        this.raw = raw;
        this.clip = clip;
    }

    /// <summary>The file's name.</summary>
    public string Place { get; }

    /// <summary>The picture in the file, if it holds one.</summary>
    public Image? Image { get; }

    /// <summary>Where in the input the picture lies, once it has been filled.</summary>
    public Placement Placement { get; private set; }

    /// <summary>How many windows of the input's length the sound has; 1 for anything else.
    /// </summary>
    public int Windows => clip is null
        ? 1
        : Math.Max(1, clip.Samples.Length / Math.Max(1, input.Elements));

    /// <summary>Seconds at which a window begins.</summary>
    public double SecondsOf(int window) =>
        clip is null ? 0 : (double)window * input.Elements / clip.SampleRate;

    /// <summary>Reads a file for an input.</summary>
    /// <param name="path">The file.</param>
    /// <param name="input">The session's input.</param>
    /// <param name="record">The model's record for this input; null where it has none, and then
    /// integer inputs take pixels as they are (int8: pixel − 128) and sound as it is.</param>
    /// <param name="filter">How pictures are resized.</param>
    /// <exception cref="MediaException">Missing, damaged, or not what the input takes.
    /// </exception>
    public static InputFile Open(
        string path, TensorView input, Preprocessing? record, ResizeFilter filter) =>
        Of(MediaFile.Read(path, MediaLimits.Default.FileBytes), path, input, record, filter);

    /// <summary>Takes bytes that were read elsewhere; <paramref name="path"/> names them and, by
    /// its ending, their kind.</summary>
    /// <inheritdoc cref="Open"/>
    public static InputFile Of(
        byte[] bytes, string path, TensorView input, Preprocessing? record, ResizeFilter filter)
    {
        var limits = MediaLimits.Default;
        var kind = KindOf(path, bytes, input);
        var how = record is { Kind: not InputKind.Raw } ? record : Assumed(kind, input, path);
        Image? image = null;
        AudioClip? clip = null;
        if (kind == InputKind.Image)
        {
            image = IsPixels(path)
                ? Pixels(bytes, input, path)
                : ImageFile.Decode(bytes, path, limits);
        }
        else if (kind == InputKind.Audio)
        {
            clip = WavFile.Decode(bytes, path, limits);
        }
        else if (how.Kind == InputKind.Audio && bytes.Length != input.Bytes)
        {
            clip = WavFile.FromPcm16(bytes, Math.Max(1, how.SampleRate), path);
        }

        if (clip is not null && how.SampleRate > 0)
        {
            clip = clip.WithRate(how.SampleRate);
        }

        var isRaw = image is null && clip is null;
        return new InputFile(path, input, how, filter, isRaw ? bytes : null, image, clip);
    }

    /// <summary>Fills the input with a window of the sound, the picture or the bytes.</summary>
    /// <exception cref="MediaException">The file does not fit the input.</exception>
    public void Fill(int window)
    {
        if (raw is not null)
        {
            TensorFeed.FromRaw(raw, input, Place);
        }
        else if (Image is not null)
        {
            Placement = TensorFeed.FromImage(Image, input, how, filter, Place);
        }
        else if (clip is not null)
        {
            TensorFeed.FromAudio(clip, window * input.Elements, input, how, Place);
        }
    }

    static InputKind KindOf(string path, byte[] bytes, TensorView input)
    {
        if (ImageFile.HasImageExtension(path) || IsPixels(path))
        {
            return InputKind.Image;
        }

        if (Path.GetExtension(path).Equals(".wav", StringComparison.OrdinalIgnoreCase))
        {
            return InputKind.Audio;
        }

        // A tensor's bytes may look like a picture's; the right number of them decides.
        if (bytes.Length == input.Bytes)
        {
            return InputKind.Raw;
        }

        return WavFile.Recognizes(bytes) ? InputKind.Audio
            : ImageFile.Recognizes(bytes) ? InputKind.Image
            : InputKind.Raw;
    }

    static bool IsPixels(string path) =>
        Path.GetExtension(path).Equals(".rgb", StringComparison.OrdinalIgnoreCase);

    static Image Pixels(byte[] bytes, TensorView input, string place)
    {
        if (!TensorFeed.IsPicture(input.Shape, out var height, out var width, out _)
            || bytes.Length != (long)height * width * 3)
        {
            throw new MediaException(
                place,
                $"has {bytes.Length} bytes, which are not the pixels of input "
                + $"'{input.Name}' {input.Shape}",
                "give red, green, blue bytes of the input's height and width, or a PNG");
        }

        return new Image(width, height, 3, bytes);
    }

    static Preprocessing Assumed(InputKind kind, TensorView input, string place)
    {
        var number = input.DType is DType.UInt8 or DType.Int8 or DType.Int16;
        if (kind != InputKind.Raw && !number)
        {
            throw new MediaException(
                place,
                $"needs converting, but the model does not say how its {input.DType} input "
                + $"'{input.Name}' is made",
                "pack the model with preprocessing, or give a raw file of "
                + $"{input.Bytes} bytes");
        }

        return new Preprocessing
        {
            Kind = kind,
            Direct = true,
            Mean = kind == InputKind.Image && input.DType == DType.Int8 ? 128f : 0f,
        };
    }
}
