using System.Buffers.Binary;
using System.Text;

namespace EdgeDL.Convert.Tflite.Schema;

/// <summary>
/// The options of a custom operator: a FlexBuffers map from names to numbers and lists of
/// numbers. Read as hostile: every offset is checked, and lists and maps are not nested.
/// </summary>
sealed class FlexMap
{
    const int TypeMap = 9;
    const int MaxKeys = 1024;

    readonly ReadOnlyMemory<byte> bytes;
    readonly string place;
    readonly Dictionary<string, Slot> slots = [];

    // Where a value is, how wide its slot is, and its packed type: type · 4 + log2 of the width
    // of what it points to.
    readonly record struct Slot(int At, int Width, int Packed)
    {
        public int Type => Packed >> 2;

        public int PointedWidth => 1 << (Packed & 3);
    }

    /// <summary>Reads the map; no bytes at all are a map without keys.</summary>
    /// <exception cref="InvalidModelException">The bytes are not an intact map.</exception>
    public FlexMap(ReadOnlyMemory<byte> bytes, string place)
    {
        this.bytes = bytes;
        this.place = place;
        if (bytes.Length > 0)
        {
            ReadKeys();
        }
    }

    public IReadOnlyCollection<string> Keys => slots.Keys;

    public bool Has(string key) => slots.ContainsKey(key);

    /// <summary>A whole number or truth value that must be there.</summary>
    public int Int(string key) =>
        checked((int)Math.Clamp(Number(Find(key), key), int.MinValue, int.MaxValue));

    public int Int(string key, int fallback) => Has(key) ? Int(key) : fallback;

    public float Float(string key) => (float)Number(Find(key), key);

    public float Float(string key, float fallback) => Has(key) ? Float(key) : fallback;

    public bool Bool(string key, bool fallback) => Has(key) ? Int(key) != 0 : fallback;

    /// <summary>A list of whole numbers that must be there.</summary>
    public int[] Ints(string key)
    {
        Slot slot = Find(key);
        int start = Pointed(slot, key);
        int width = slot.PointedWidth;
        (int element, int fixedLength) = slot.Type switch
        {
            11 or 12 or 13 => (slot.Type - 10, 0),
            >= 16 and <= 24 => ((slot.Type - 16) % 3 + 1, (slot.Type - 16) / 3 + 2),
            36 => (26, 0),
            _ => throw Fail($"option '{key}' has type {slot.Type}, a list of numbers is needed"),
        };
        int length = fixedLength > 0 ? fixedLength : Length(start, width, key);
        Need(start, (long)length * width, key);
        var values = new int[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (int)Math.Clamp(
                Scalar(start + i * width, width, element, key), int.MinValue, int.MaxValue);
        }

        return values;
    }

    void ReadKeys()
    {
        int end = bytes.Length;
        if (end < 3)
        {
            throw Fail($"the options have {end} bytes, a map has more");
        }

        int rootWidth = bytes.Span[end - 1];
        if (rootWidth is not (1 or 2 or 4 or 8) || end < 2 + rootWidth)
        {
            throw Fail($"the root of the options is {rootWidth} bytes wide, not 1, 2, 4 or 8");
        }

        var root = new Slot(end - 2 - rootWidth, rootWidth, bytes.Span[end - 2]);
        if (root.Type != TypeMap)
        {
            throw Fail(
                $"the options are of FlexBuffers type {root.Type}, a map ({TypeMap}) is needed");
        }

        int width = root.PointedWidth;
        int values = Pointed(root, "the map");
        int count = Length(values, width, "the map");
        if (count > MaxKeys)
        {
            throw Fail($"the options have {count} keys, up to {MaxKeys} are read");
        }

        // Before a map's length stand the offset of its keys and the width of a key's offset.
        Need(values - 3L * width, 2L * width, "the map's keys");
        int keysAt = values - 3 * width;
        long back = (long)Unsigned(keysAt, width);
        int keyWidth = (int)Math.Min(Unsigned(values - 2 * width, width), 255);
        if (keyWidth is not (1 or 2 or 4 or 8) || back > keysAt)
        {
            throw Fail($"the keys are {back} bytes back, {keyWidth} wide");
        }

        int keys = (int)(keysAt - back);
        Need(keys, (long)count * keyWidth, "the map's keys");
        Need(values, (long)count * (width + 1), "the map's values");
        for (int i = 0; i < count; i++)
        {
            int packed = bytes.Span[values + count * width + i];
            slots[Key(keys + i * keyWidth, keyWidth)] = new Slot(values + i * width, width, packed);
        }
    }

    string Key(int at, int width)
    {
        long back = (long)Math.Min(Unsigned(at, width), int.MaxValue);
        if (back > at)
        {
            throw Fail($"a key lies {back} bytes before byte {at}");
        }

        ReadOnlySpan<byte> rest = bytes.Span[(int)(at - back)..];
        int length = rest.IndexOf((byte)0);
        return length >= 0 ? Encoding.UTF8.GetString(rest[..length])
            : throw Fail("a key has no end");
    }

    Slot Find(string key) => slots.TryGetValue(key, out Slot slot)
        ? slot
        : throw Fail(
            $"option '{key}' is missing; the options have {string.Join(", ", slots.Keys)}");

    double Number(Slot slot, string key)
    {
        const int FirstIndirect = 6;
        const int LastIndirect = 8;
        if (slot.Type is >= FirstIndirect and <= LastIndirect)
        {
            int at = Pointed(slot, key);
            Need(at, slot.PointedWidth, key);
            return Scalar(at, slot.PointedWidth, slot.Type - 5, key);
        }

        return Scalar(slot.At, slot.Width, slot.Type, key);
    }

    double Scalar(int at, int width, int type, string key) => type switch
    {
        1 => Signed(at, width),
        2 or 26 => Unsigned(at, width),
        3 when width == 4 => BitConverter.Int32BitsToSingle((int)Unsigned(at, width)),
        3 when width == 8 => BitConverter.Int64BitsToDouble((long)Unsigned(at, width)),
        3 when width == 2 => (double)BitConverter.Int16BitsToHalf((short)Unsigned(at, width)),
        _ => throw Fail($"option '{key}' has FlexBuffers type {type}, a number is needed"),
    };

    int Pointed(Slot slot, string what)
    {
        long back = (long)Math.Min(Unsigned(slot.At, slot.Width), int.MaxValue);
        return back <= slot.At
            ? (int)(slot.At - back)
            : throw Fail($"{what} lies {back} bytes before byte {slot.At}");
    }

    int Length(int start, int width, string what)
    {
        Need(start - (long)width, width, what);
        ulong length = Unsigned(start - width, width);
        return length <= (ulong)bytes.Length
            ? (int)length
            : throw Fail($"{what} has {length} elements, the options {bytes.Length} bytes");
    }

    void Need(long at, long count, string what)
    {
        if (at < 0 || at > bytes.Length - count)
        {
            throw Fail($"{what} takes {count} bytes at {at}, the options have {bytes.Length}");
        }
    }

    ulong Unsigned(int at, int width)
    {
        ReadOnlySpan<byte> s = bytes.Span[at..];
        return width switch
        {
            1 => s[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(s),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(s),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(s),
        };
    }

    long Signed(int at, int width)
    {
        int shift = 64 - 8 * width;
        return (long)(Unsigned(at, width) << shift) >> shift;
    }

    InvalidModelException Fail(string finding) =>
        Reject.Model($"custom options of {place}", finding);
}
