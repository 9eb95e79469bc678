using System.Runtime.InteropServices;

namespace EdgeDL.Testing;

/// <summary>What a test operand is filled with.</summary>
public enum Pattern
{
    /// <summary>Uniform over the type's range; floats over −1..1 times a few magnitudes.</summary>
    Random,

    /// <summary>Every element the smallest value: sums saturate downwards.</summary>
    Lowest,

    /// <summary>Every element the largest value.</summary>
    Highest,

    /// <summary>Smallest and largest in turn: pair products saturate.</summary>
    Alternating,

    /// <summary>All zero.</summary>
    Zero,
}

/// <summary>Seeded operands: the same call gives the same bytes on every machine.</summary>
public static class Fill
{
    public static IReadOnlyList<Pattern> Patterns { get; } = Enum.GetValues<Pattern>();

    public static sbyte[] Int8(int length, int seed, Pattern pattern)
    {
        var values = new sbyte[length];
        Write(values, seed, pattern);
        return values;
    }

    public static byte[] UInt8(int length, int seed, Pattern pattern)
    {
        var values = new byte[length];
        Write(values, seed, pattern);
        return values;
    }

    public static short[] Int16(int length, int seed, Pattern pattern)
    {
        var values = new short[length];
        Write(values, seed, pattern);
        return values;
    }

    public static int[] Int32(int length, int seed, Pattern pattern)
    {
        var values = new int[length];
        Write(values, seed, pattern);
        return values;
    }

    public static float[] Float32(int length, int seed, Pattern pattern)
    {
        var values = new float[length];
        Write(values, seed, pattern);
        return values;
    }

    /// <summary>Uniform in low..high.</summary>
    public static float[] Float32(int length, int seed, float low, float high)
    {
        var random = new Random(seed);
        var values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = low + ((high - low) * random.NextSingle());
        }

        return values;
    }

    /// <summary>Integers uniform in low..high, both included.</summary>
    public static int[] Int32(int length, int seed, int low, int high)
    {
        var random = new Random(seed);
        var values = new int[length];
        foreach (ref int value in values.AsSpan())
        {
            value = (int)random.NextInt64(low, (long)high + 1);
        }

        return values;
    }

    public static void Write(Span<sbyte> to, int seed, Pattern pattern)
    {
        Bytes(MemoryMarshal.AsBytes(to), seed, pattern, unchecked((byte)sbyte.MinValue), 127);
    }

    public static void Write(Span<byte> to, int seed, Pattern pattern)
    {
        Bytes(to, seed, pattern, 0, 255);
    }

    public static void Write(Span<short> to, int seed, Pattern pattern)
    {
        Any(to, seed, pattern, short.MinValue, short.MaxValue, r => (short)r.Next(65536));
    }

    public static void Write(Span<int> to, int seed, Pattern pattern)
    {
        Any(to, seed, pattern, int.MinValue, int.MaxValue, r => (int)r.NextInt64(1L << 32));
    }

    /// <summary>Extremes are ±2¹⁶: large, yet sums of products stay finite.</summary>
    public static void Write(Span<float> to, int seed, Pattern pattern)
    {
        Any(to, seed, pattern, -65536f, 65536f, Magnitudes);
    }

    static float Magnitudes(Random random)
    {
        float unit = (2f * random.NextSingle()) - 1f;
        return MathF.ScaleB(unit, random.Next(-3, 4));
    }

    static void Bytes(Span<byte> to, int seed, Pattern pattern, byte lowest, byte highest)
    {
        Any(to, seed, pattern, lowest, highest, r => (byte)r.Next(256));
    }

    static void Any<T>(
        Span<T> to, int seed, Pattern pattern, T lowest, T highest, Func<Random, T> next)
        where T : struct
    {
        var random = new Random(seed);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = pattern switch
            {
                Pattern.Lowest => lowest,
                Pattern.Highest => highest,
                Pattern.Alternating => (i & 1) == 0 ? lowest : highest,
                Pattern.Zero => default,
                _ => next(random),
            };
        }
    }
}
