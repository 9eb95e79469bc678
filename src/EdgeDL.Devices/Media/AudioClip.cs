namespace EdgeDL.Devices.Media;

/// <summary>One channel of sound: −1 … 1, where 1 stands for 32768 of a 16-bit sample.</summary>
public sealed class AudioClip(int sampleRate, float[] samples)
{
    /// <summary>Samples a second.</summary>
    public int SampleRate { get; } = sampleRate;

    public float[] Samples { get; } = samples;

    /// <summary>This clip, or a copy resampled to another rate.</summary>
    public AudioClip WithRate(int rate) =>
        rate == SampleRate ? this : new AudioClip(rate, Resampler.Apply(Samples, SampleRate, rate));

    /// <summary>16-bit samples, rounded and clamped.</summary>
    public void ToInt16(Span<short> to)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = (short)Math.Clamp(MathF.Round(Samples[i] * 32768f), -32768f, 32767f);
        }
    }
}
