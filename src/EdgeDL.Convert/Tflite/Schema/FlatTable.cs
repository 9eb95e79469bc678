using System.Runtime.InteropServices;
using System.Text;

namespace EdgeDL.Convert.Tflite.Schema;

/// <summary>
/// One table of a FlatBuffers file. A field that the file leaves out reads as its default, and
/// the default value of this struct reads as a table with no fields: absent options.
/// </summary>
readonly struct FlatTable
{
    readonly FlatFile? file;
    readonly int start;
    readonly int size;
    readonly int vtable;
    readonly int vtableSize;

    public FlatTable(FlatFile file, int start, string name)
    {
        this.file = file;
        this.start = start;
        Name = name;
        file.Spend(1, start, name);
        file.Need(start, 4, name);
        long at = start - (long)file.I32(start);
        file.Need(at, 4, $"the field list of {name}");
        vtable = (int)at;
        vtableSize = file.U16(vtable);
        size = file.U16(vtable + 2);
        file.Need(vtable, vtableSize, $"the field list of {name}");
        file.Need(start, size, name);
        if (vtableSize < 4 || size < 4)
        {
            throw file.Reject(vtable, $"the field list of {name} says {vtableSize} bytes for "
                + $"itself and {size} for the table; both are at least 4");
        }
    }

    public string Name { get; }

    public bool Has(Field field) => Offset(field, 1) != 0;

    public bool Bool(Field field) => Bool(field, fallback: 0);

    public bool Bool(Field field, byte fallback) => Byte(field, fallback) != 0;

    public byte Byte(Field field, byte fallback)
    {
        int at = Offset(field, 1);
        return at == 0 ? fallback : file!.U8(at);
    }

    public int Int(Field field) => Int(field, 0);

    public int Int(Field field, int fallback)
    {
        int at = Offset(field, 4);
        return at == 0 ? fallback : file!.I32(at);
    }

    public long Long(Field field)
    {
        int at = Offset(field, 8);
        return at == 0 ? 0 : file!.I64(at);
    }

    public float Float(Field field)
    {
        int at = Offset(field, 4);
        return at == 0 ? 0 : BitConverter.Int32BitsToSingle(file!.I32(at));
    }

    /// <summary>An index or count, which the schema has as an unsigned 32-bit number.</summary>
    public int Index(Field field)
    {
        int value = Int(field);
        return value >= 0 ? value : throw file!.Reject(start, $"{Name}.{field.Name} is "
            + $"{(uint)value}; indices below 2147483648 are supported");
    }

    public string Text(Field field)
    {
        int at = Vector(field, 1, out int count);
        return count == 0 ? "" : Encoding.UTF8.GetString(file!.Slice(at, count).Span);
    }

    public ReadOnlyMemory<byte> Bytes(Field field)
    {
        int at = Vector(field, 1, out int count);
        return count == 0 ? default : file!.Slice(at, count);
    }

    public int[] Ints(Field field)
    {
        int at = Vector(field, 4, out int count);
        var values = new int[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = file!.I32(at + 4 * i);
        }

        return values;
    }

    public long[] Longs(Field field)
    {
        int at = Vector(field, 8, out int count);
        var values = new long[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = file!.I64(at + 8 * i);
        }

        return values;
    }

    public float[] Floats(Field field) =>
        MemoryMarshal.Cast<int, float>(Ints(field)).ToArray();

    public int[] Shorts(Field field)
    {
        int at = Vector(field, 2, out int count);
        var values = new int[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = file!.U16(at + 2 * i);
        }

        return values;
    }

    /// <summary>The table in a field; false when the file leaves the field out.</summary>
    public bool TryTable(Field field, string tableName, out FlatTable table)
    {
        int at = Offset(field, 4);
        table = default;
        if (at == 0)
        {
            return false;
        }

        string what = $"{Name}.{field.Name}";
        table = new FlatTable(file!, file!.Follow(at, what), tableName);
        return true;
    }

    /// <summary>The tables of a vector, each named with its place in it.</summary>
    public FlatTable[] Tables(Field field, string tableName)
    {
        int at = Vector(field, 4, out int count);
        var tables = new FlatTable[count];
        for (int i = 0; i < count; i++)
        {
            string name = $"{tableName} {i}";
            tables[i] = new FlatTable(file!, file!.Follow(at + 4 * i, name), name);
        }

        return tables;
    }

    public Exception Reject(string finding) => file is null
        ? Convert.Reject.Model("TFLite model", finding)
        : file.Reject(start, finding);

    // Where a field's bytes are, or 0 when the file leaves it out.
    int Offset(Field field, int bytes)
    {
        int slot = 4 + 2 * field.Id;
        if (file is null || slot + 2 > vtableSize)
        {
            return 0;
        }

        int offset = file.U16(vtable + slot);
        if (offset == 0)
        {
            return 0;
        }

        if (offset < 4 || offset + bytes > size)
        {
            throw file.Reject(vtable + slot, $"{Name}.{field.Name} is {bytes} bytes at {offset} "
                + $"of a table of {size} bytes");
        }

        return start + offset;
    }

    int Vector(Field field, int elementBytes, out int count)
    {
        int at = Offset(field, 4);
        count = 0;
        if (at == 0)
        {
            return 0;
        }

        string what = $"{Name}.{field.Name}";
        int vector = file!.Follow(at, what);
        long length = (uint)file.I32(vector);
        file.Need(vector + 4L, length * elementBytes, $"{what} of {length} elements");
        file.Spend(elementBytes == 1 ? 1 : length, vector, what);
        count = (int)length;
        return vector + 4;
    }
}
