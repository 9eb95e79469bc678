using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeDL.Format;

/// <summary>Takes records off hostile bytes; says where they end too early.</summary>
ref struct SpanReader(ReadOnlySpan<byte> bytes, string place)
{
    readonly ReadOnlySpan<byte> bytes = bytes;
    readonly string place = place;
    int position;

    public readonly int Remaining => bytes.Length - position;

    /// <summary>The next <paramref name="count"/> records.</summary>
    public ReadOnlySpan<T> Take<T>(uint count) where T : unmanaged
    {
        long size = (long)count * Unsafe.SizeOf<T>();
        if (size > Remaining)
        {
            Fail($"{count} records of {typeof(T).Name} take {size} bytes at offset {position}, "
                + $"{Remaining} are left");
        }

        // A copy, since a section of odd lengths need not keep records aligned.
        ReadOnlySpan<byte> slice = bytes.Slice(position, (int)size);
        position += (int)size;
        var records = new T[count];
        slice.CopyTo(MemoryMarshal.AsBytes(records.AsSpan()));
        return records;
    }

    /// <summary>The next record.</summary>
    public T Take<T>() where T : unmanaged => Take<T>(1)[0];

    /// <summary>Throws unless everything has been taken.</summary>
    public readonly void End()
    {
        if (Remaining != 0)
        {
            Fail($"{Remaining} bytes are left over at offset {position}");
        }
    }

    /// <summary>A table of strings, as <see cref="StringTable"/> writes it.</summary>
    public static string[] Strings(ReadOnlySpan<byte> bytes, string place)
    {
        var reader = new SpanReader(bytes, place);
        uint count = reader.Take<uint>();
        if (count > (uint)bytes.Length / 4)
        {
            reader.Fail($"{count} strings don't fit into {bytes.Length} bytes");
        }

        ReadOnlySpan<uint> offsets = reader.Take<uint>(count + 1);
        ReadOnlySpan<byte> text = bytes[reader.position..];
        var strings = new string[count];
        for (int i = 0; i < strings.Length; i++)
        {
            if (offsets[i] > offsets[i + 1] || offsets[i + 1] > (uint)text.Length)
            {
                reader.Fail($"string {i} spans [{offsets[i]}, {offsets[i + 1]}) of "
                    + $"{text.Length} bytes");
            }

            strings[i] = Encoding.UTF8.GetString(text[(int)offsets[i]..(int)offsets[i + 1]]);
        }

        return strings;
    }

    [DoesNotReturn]
    public readonly void Fail(string finding) => InvalidModelException.Throw(place, finding);
}
