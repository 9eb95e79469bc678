using System.Buffers.Binary;
using System.Text;

namespace EdgeDL.Ops;

/// <summary>Writes an op's attributes, little-endian, in the order the op names them.</summary>
public ref struct AttributeWriter(List<byte> bytes)
{
    readonly List<byte> bytes = bytes;

    public readonly void Int(int value)
    {
        Span<byte> b = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(b, value);
        bytes.AddRange(b);
    }

    public readonly void Long(long value)
    {
        Span<byte> b = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(b, value);
        bytes.AddRange(b);
    }

    public readonly void Float(float value) => Int(BitConverter.SingleToInt32Bits(value));

    public readonly void Double(double value) => Long(BitConverter.DoubleToInt64Bits(value));

    public readonly void Bool(bool value) => bytes.Add(value ? (byte)1 : (byte)0);

    public readonly void Byte(byte value) => bytes.Add(value);

    /// <summary>A count, then the values.</summary>
    public readonly void Ints(ReadOnlySpan<int> values)
    {
        Int(values.Length);
        foreach (int v in values)
        {
            Int(v);
        }
    }

    /// <summary>A count, then the values.</summary>
    public readonly void Floats(ReadOnlySpan<float> values)
    {
        Int(values.Length);
        foreach (float v in values)
        {
            Float(v);
        }
    }

    /// <summary>A byte count, then UTF-8.</summary>
    public readonly void Text(string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        Int(utf8.Length);
        bytes.AddRange(utf8);
    }
}

/// <summary>
/// Reads an op's attributes from bytes that may be hostile: every read is checked against the end.
/// </summary>
public ref struct AttributeReader(ReadOnlySpan<byte> bytes, string place)
{
    readonly ReadOnlySpan<byte> bytes = bytes;
    readonly string place = place;
    int position;

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public float Float() => BitConverter.Int32BitsToSingle(Int());

    public double Double() => BitConverter.Int64BitsToDouble(Long());

    public byte Byte() => Take(1)[0];

    public bool Bool()
    {
        byte b = Byte();
        if (b > 1)
        {
            Fail($"a truth value is {b}, not 0 or 1");
        }

        return b == 1;
    }

    /// <summary>A number in [<paramref name="min"/>, <paramref name="max"/>].</summary>
    public int Int(int min, int max)
    {
        int value = Int();
        if (value < min || value > max)
        {
            Fail($"attribute {value} is not in [{min}, {max}]");
        }

        return value;
    }

    /// <summary>An enum value in [0, <paramref name="count"/>), as a byte.</summary>
    public int Enum(int count)
    {
        byte b = Byte();
        if (b >= count)
        {
            Fail($"choice {b} is not in [0, {count})");
        }

        return b;
    }

    /// <summary>At most <paramref name="most"/> numbers.</summary>
    public int[] Ints(int most = 4096)
    {
        int[] values = new int[Count(most, 4)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Int();
        }

        return values;
    }

    /// <summary>At most <paramref name="most"/> numbers.</summary>
    public float[] Floats(int most = 65536)
    {
        float[] values = new float[Count(most, 4)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Float();
        }

        return values;
    }

    public string Text() => Encoding.UTF8.GetString(Take(Count(65536, 1)));

    /// <summary>Throws unless everything has been read.</summary>
    public readonly void End()
    {
        if (position != bytes.Length)
        {
            Fail($"{bytes.Length - position} attribute bytes are left over");
        }
    }

    int Count(int most, int size)
    {
        int count = Int();
        if (count < 0 || count > most || (long)count * size > bytes.Length - position)
        {
            Fail($"a list of {count} attributes does not fit into {bytes.Length - position} bytes");
        }

        return count;
    }

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - position)
        {
            Fail($"the attributes end after {bytes.Length} bytes, {position + (long)count} are "
                + "needed");
        }

        ReadOnlySpan<byte> taken = bytes.Slice(position, count);
        position += count;
        return taken;
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    readonly void Fail(string finding) => InvalidModelException.Throw(place, finding);
}
