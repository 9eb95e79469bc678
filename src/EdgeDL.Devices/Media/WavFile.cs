using System.Buffers.Binary;

namespace EdgeDL.Devices.Media;

/// <summary>
/// RIFF WAVE: PCM of 8, 16, 24 and 32 bits and 32-bit float, any number of channels (their mean is
/// taken), also in WAVE_FORMAT_EXTENSIBLE. Raw 16-bit PCM beside it.
/// </summary>
public static class WavFile
{
    const int Pcm = 1;
    const int Float = 3;
    const int Extensible = 0xFFFE;
    const int MaxChannels = 64;

    readonly record struct Format(int Kind, int Channels, int Rate, int Bits)
    {
        public int FrameBytes => Channels * Bits / 8;
    }

    /// <summary>Whether the bytes start as a WAVE file does.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WAVE"u8);

    /// <summary>The sound in a file, with the limits of <see cref="MediaLimits.Default"/>.
    /// </summary>
    /// <exception cref="MediaException">Missing, damaged, of another kind, or too long.
    /// </exception>
    public static AudioClip Load(string path)
    {
        var limits = MediaLimits.Default;
        return Decode(MediaFile.Read(path, limits.FileBytes), path, limits);
    }

    /// <summary>The sound in these bytes; <paramref name="place"/> names it in messages.
    /// </summary>
    /// <exception cref="MediaException">Damaged, of another kind, or over the limits.</exception>
    public static AudioClip Decode(ReadOnlySpan<byte> bytes, string place, MediaLimits limits)
    {
        if (!Recognizes(bytes))
        {
            throw new MediaException(
                place, bytes.IsEmpty ? "is empty" : "is not a WAV file", "convert it to WAV");
        }

        Format? format = null;
        long at = 12;
        while (at + 8 <= bytes.Length)
        {
            var kind = bytes.Slice((int)at, 4);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(int)(at + 4)..]);
            var present = (int)Math.Min(length, bytes.Length - at - 8);
            var data = bytes.Slice((int)at + 8, present);
            if (kind.SequenceEqual("fmt "u8))
            {
                format = ReadFormat(data, place);
            }
            else if (kind.SequenceEqual("data"u8))
            {
                // A recorder that was cut off leaves a length that the file does not reach, and
                // a pipe leaves 0xFFFFFFFF: what is there is used.
                return Samples(data, format, place, limits);
            }

            // Chunks start at even bytes.
            at += 8 + length + (length & 1);
        }

        throw Damaged(place, "has no sound data");
    }

    /// <summary>Little-endian 16-bit samples without a header.</summary>
    /// <exception cref="MediaException">An odd number of bytes.</exception>
    public static AudioClip FromPcm16(ReadOnlySpan<byte> bytes, int sampleRate, string place)
    {
        if (bytes.Length % 2 != 0)
        {
            throw new MediaException(
                place,
                $"has {bytes.Length} bytes, which is no whole number of 16-bit samples",
                "give raw little-endian 16-bit samples");
        }

        return new AudioClip(sampleRate, Read(bytes, new Format(Pcm, 1, sampleRate, 16)));
    }

    static Format ReadFormat(ReadOnlySpan<byte> data, string place)
    {
        if (data.Length < 16)
        {
            throw Damaged(place, "has a format chunk that is too short");
        }

        int kind = BinaryPrimitives.ReadUInt16LittleEndian(data);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(data[14..]);
        if (kind == Extensible && data.Length >= 26)
        {
            // The subformat's first two bytes are the kind; the rest of the GUID is fixed.
            kind = BinaryPrimitives.ReadUInt16LittleEndian(data[24..]);
        }

        if (channels is < 1 or > MaxChannels || rate is < 1000 or > 768_000)
        {
            throw Damaged(place, $"has {channels} channels at {rate} Hz");
        }

        if (!(kind == Pcm && bits is 8 or 16 or 24 or 32) && !(kind == Float && bits == 32))
        {
            throw new MediaException(
                place,
                $"is a WAV of format {kind} with {bits} bits",
                "save it as 16-bit PCM");
        }

        return new Format(kind, channels, (int)rate, bits);
    }

    static AudioClip Samples(
        ReadOnlySpan<byte> data, Format? known, string place, MediaLimits limits)
    {
        if (known is not { } format)
        {
            throw Damaged(place, "has its sound data before its format");
        }

        var frames = data.Length / format.FrameBytes;
        if (frames == 0)
        {
            throw Damaged(place, "has no samples");
        }

        if (frames > (long)limits.Seconds * format.Rate)
        {
            throw new MediaException(
                place,
                $"lasts {frames / format.Rate} s, longer than the {limits.Seconds} s allowed",
                "cut it shorter");
        }

        return new AudioClip(format.Rate, Read(data, format));
    }

    static float[] Read(ReadOnlySpan<byte> data, Format format)
    {
        var samples = new float[data.Length / format.FrameBytes];
        var sampleBytes = format.Bits / 8;
        for (var i = 0; i < samples.Length; i++)
        {
            var frame = data.Slice(i * format.FrameBytes, format.FrameBytes);
            var sum = 0f;
            for (var channel = 0; channel < format.Channels; channel++)
            {
                sum += Sample(frame[(channel * sampleBytes)..], format);
            }

            samples[i] = sum / format.Channels;
        }

        return samples;
    }

    static float Sample(ReadOnlySpan<byte> at, Format format) => (format.Kind, format.Bits) switch
    {
        (Float, _) => Finite(BinaryPrimitives.ReadSingleLittleEndian(at)),
        (_, 8) => (at[0] - 128) / 128f,
        (_, 16) => BinaryPrimitives.ReadInt16LittleEndian(at) / 32768f,
        (_, 24) => ((at[0] << 8) | (at[1] << 16) | (at[2] << 24)) / 2147483648f,
        _ => BinaryPrimitives.ReadInt32LittleEndian(at) / 2147483648f,
    };

    static float Finite(float value) => float.IsFinite(value) ? value : 0f;

    static MediaException Damaged(string place, string finding) =>
        new(place, finding, "copy or record it again");
}
