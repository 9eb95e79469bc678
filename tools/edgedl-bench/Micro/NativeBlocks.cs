using System.Runtime.InteropServices;

namespace EdgeDL.Bench.Micro;

/// <summary>Native memory for kernels: 64-byte aligned, some bytes more than asked for.
/// </summary>
sealed unsafe class NativeBlocks : IDisposable
{
    const int Alignment = 64;
    const long Slack = 256;

    readonly List<nint> blocks = [];
    readonly Random random = new(1);

    public T* Zeros<T>(long count)
        where T : unmanaged
    {
        var bytes = (nuint)((count * sizeof(T)) + Slack);
        void* block = NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(block, bytes);
        blocks.Add((nint)block);
        return (T*)block;
    }

    public float* Floats(long count)
    {
        float* values = Zeros<float>(count);
        for (long i = 0; i < count; i++)
        {
            values[i] = (random.NextSingle() * 2) - 1;
        }

        return values;
    }

    public byte* Bytes(long count)
    {
        byte* values = Zeros<byte>(count);
        random.NextBytes(new Span<byte>(values, checked((int)count)));
        return values;
    }

    public void Dispose()
    {
        blocks.ForEach(b => NativeMemory.AlignedFree((void*)b));
        blocks.Clear();
    }
}
