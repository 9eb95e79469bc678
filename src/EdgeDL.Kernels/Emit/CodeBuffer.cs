using System.Buffers.Binary;

namespace EdgeDL.Kernels.Emit;

/// <summary>Machine code while it is being written: bytes, and jumps whose target is not known
/// yet.</summary>
sealed class CodeBuffer
{
    byte[] bytes = new byte[1024];

    public int Position { get; private set; }

    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, Position);

    public void Byte(int value)
    {
        Reserve(1)[0] = (byte)value;
    }

    public void Word32(uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public uint WordAt(int position) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(position));

    public void Patch(int position, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(position), value);

    Span<byte> Reserve(int count)
    {
        if (Position + count > bytes.Length)
        {
            Array.Resize(ref bytes, 2 * bytes.Length);
        }
        Position += count;
        return bytes.AsSpan(Position - count, count);
    }
}
