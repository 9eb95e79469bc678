using EdgeDL.Memory;

namespace EdgeDL.Execution;

/// <summary>Memory of packed weights: ready to be read, or to be filled by who asked for it.
/// </summary>
public readonly unsafe struct PackedBlock(byte* data, bool isReady)
{
    readonly byte* data = data;

    /// <summary>It lies in the model's file, filled and read-only.</summary>
    public bool IsReady => isReady;

    /// <summary>An array of it, by what <see cref="BlockParts.Add{T}"/> said.</summary>
    public T* At<T>(nint offset) where T : unmanaged => (T*)(data + offset);
}

/// <summary>Arrays side by side in one block, each at a multiple of 64 bytes.</summary>
public struct BlockParts
{
    /// <summary>Of all arrays.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds an array and says where it begins.</summary>
    public nint Add<T>(long count) where T : unmanaged
    {
        long offset = Bytes;
        Bytes = checked(offset + Arena.Align(checked(
            count * System.Runtime.CompilerServices.Unsafe.SizeOf<T>())));
        return checked((nint)offset);
    }
}
