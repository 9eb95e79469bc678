using System.Buffers.Binary;
using System.Text;

namespace EdgeDL.Convert.Tflite.Schema;

/// <summary>
/// The bytes of a FlatBuffers file, read as hostile: every access is checked against the length,
/// and the number of objects that one file may unfold into is bounded by its size, because
/// offsets may be shared and so a small file can describe a tree of any size.
/// </summary>
sealed class FlatFile
{
    // Writers share equal strings, vectors and option tables, so a real file unfolds into a few
    // more objects than it has room for; a hostile one into the product of its vector lengths.
    const long ObjectsPerByte = 1;
    const long ObjectsAlways = 1 << 16;

    readonly ReadOnlyMemory<byte> bytes;
    long objectsLeft;

    public FlatFile(ReadOnlyMemory<byte> bytes, string format)
    {
        this.bytes = bytes;
        Format = format;
        objectsLeft = ObjectsAlways + ObjectsPerByte * bytes.Length;
    }

    /// <summary>What kind of file this is, for errors.</summary>
    public string Format { get; }

    public int Length => bytes.Length;

    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>
    /// The root table, after the four-letter identifier is seen to be the one wanted.
    /// </summary>
    public FlatTable Root(string identifier, string tableName)
    {
        if (Length < 8)
        {
            throw Reject(0, $"the file has {Length} bytes, a {Format} has at least 8");
        }

        string found = Encoding.Latin1.GetString(bytes.Span.Slice(4, 4));
        if (found != identifier)
        {
            throw Reject(4, $"the file identifier is \"{Printable(found)}\", a {Format} has "
                + $"\"{identifier}\"");
        }

        return new FlatTable(this, Follow(0, tableName), tableName);
    }

    public byte U8(int at) => bytes.Span[at];

    public ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span.Slice(at, 2));

    public int I32(int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.Span.Slice(at, 4));

    public long I64(int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.Span.Slice(at, 8));

    public ReadOnlyMemory<byte> Slice(int at, int length) => bytes.Slice(at, length);

    /// <summary>
    /// Fails unless <paramref name="count"/> bytes at <paramref name="at"/> exist.
    /// </summary>
    public void Need(long at, long count, string what)
    {
        if (at < 0 || count < 0 || at > Length - count)
        {
            throw Reject(at, $"{what} takes {count} bytes at {at}, the file has {Length} bytes");
        }
    }

    /// <summary>
    /// The place that the unsigned 32-bit offset at <paramref name="at"/> points to.
    /// </summary>
    public int Follow(int at, string what)
    {
        Need(at, 4, what);
        long target = at + (long)(uint)I32(at);
        if (target > Length - 4 || target == at)
        {
            throw Reject(at, $"{what} points to {target}, the file has {Length} bytes");
        }

        return (int)target;
    }

    /// <summary>
    /// Takes <paramref name="count"/> objects from what this file may unfold into.
    /// </summary>
    public void Spend(long count, int at, string what)
    {
        objectsLeft -= count;
        if (objectsLeft < 0)
        {
            throw Reject(at, $"{what} unfolds into more objects than a file of {Length} bytes "
                + "can hold: its offsets point at the same bytes again and again");
        }
    }

    public Exception Reject(long at, string finding) => Convert.Reject.Bytes(Format, at, finding);

    static string Printable(string text) =>
        string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c.ToString() : $"\\x{(int)c:x2}"));
}
