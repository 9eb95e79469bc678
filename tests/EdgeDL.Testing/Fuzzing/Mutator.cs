using System.Buffers.Binary;

namespace EdgeDL.Testing;

/// <summary>Byte-level damage, the same for the same seed.</summary>
public static class Mutator
{
    static readonly long[] interesting =
    [
        0, 1, 2, 3, 7, 8, 63, 64, 65, 127, 128, 255, 256, 4095, 4096, 32767, 32768, 65535, 65536,
        int.MaxValue - 1, int.MaxValue, int.MaxValue + 1L, uint.MaxValue, 1L << 40,
        long.MaxValue, long.MinValue, -1, -2, -128,
    ];

    /// <summary>
    /// Lengths to cut a file to: every one, or ends, neighbours of powers and samples.
    /// </summary>
    public static IEnumerable<int> Truncations(int length, int most, int seed)
    {
        if (length <= most)
        {
            return Enumerable.Range(0, length);
        }

        var random = new Random(seed);
        var cuts = new SortedSet<int>(Enumerable.Range(0, Math.Min(length, 512)));
        cuts.UnionWith(Enumerable.Range(length - 128, 128));
        while (cuts.Count < most)
        {
            cuts.Add(random.Next(length));
        }

        return cuts;
    }

    /// <summary>A copy with one to eight bits turned over.</summary>
    public static byte[] FlipBits(byte[] file, Random random)
    {
        var damaged = (byte[])file.Clone();
        int flips = random.Next(4) == 0 ? 1 + random.Next(8) : 1;
        for (int i = 0; i < flips; i++)
        {
            // Half of the flips hit the front, where headers and tables stand.
            int reach = random.Next(2) == 0 ? Math.Min(damaged.Length, 4096) : damaged.Length;
            damaged[random.Next(reach)] ^= (byte)(1 << random.Next(8));
        }

        return damaged;
    }

    /// <summary>Puts a telling number into an aligned field of 1, 2, 4 or 8 bytes.</summary>
    public static void ChangeField(Span<byte> bytes, Random random)
    {
        int size = random.Next(8) switch { 0 => 1, 1 => 2, 2 => 8, _ => 4 };
        if (bytes.Length < size)
        {
            return;
        }

        Span<byte> field = bytes.Slice(random.Next(bytes.Length / size) * size, size);
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        field.CopyTo(wide);
        long old = BinaryPrimitives.ReadInt64LittleEndian(wide);
        long value = random.Next(6) switch
        {
            0 => old + 1,
            1 => old - 1,
            2 => old * 2,
            3 => random.Next(16),
            4 => Copied(bytes, size, random),
            _ => interesting[random.Next(interesting.Length)],
        };
        BinaryPrimitives.WriteInt64LittleEndian(wide, value);
        wide[..size].CopyTo(field);
    }

    // Another field's value: makes two things point at one, or a thing at itself.
    static long Copied(ReadOnlySpan<byte> bytes, int size, Random random)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        bytes.Slice(random.Next(bytes.Length / size) * size, size).CopyTo(wide);
        return BinaryPrimitives.ReadInt64LittleEndian(wide);
    }
}
