using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Conv;

/// <summary>y = x ^ flip: flip 0x80 turns uint8 into int8 and shifts the zero by −128.</summary>
readonly unsafe struct ConvCopyS8(byte flip) : IConvCopy<byte, sbyte>
{
    public void Copy(byte* x, sbyte* y, int count)
    {
        var mask = Vector128.Create(flip);
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            (Vector128.Load(x + i) ^ mask).Store((byte*)y + i);
        }
        if (i < count && count >= 16)
        {
            // Some values twice.
            i = count - 16;
            (Vector128.Load(x + i) ^ mask).Store((byte*)y + i);
            return;
        }
        for (; i < count; i++)
        {
            y[i] = (sbyte)(x[i] ^ flip);
        }
    }
}

/// <summary>The same, widened to int16.</summary>
readonly unsafe struct ConvCopyS8Wide(byte flip) : IConvCopy<byte, short>
{
    public void Copy(byte* x, short* y, int count)
    {
        var mask = Vector128.Create(flip);
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            Sixteen(x + i, mask, y + i);
        }
        if (count >= 16)
        {
            if (i < count)
            {
                // Some values twice.
                Sixteen(x + count - 16, mask, y + count - 16);
            }
            return;
        }
        if (count >= 8)
        {
            Vector128.WidenLower(
                Vector128.CreateScalarUnsafe(*(long*)x).AsSByte() ^ mask.AsSByte()).Store(y);
            i = 8;
        }
        for (; i < count; i++)
        {
            y[i] = (sbyte)(x[i] ^ flip);
        }
    }

    static void Sixteen(byte* x, Vector128<byte> mask, short* y)
    {
        var (low, high) = Vector128.Widen((Vector128.Load(x) ^ mask).AsSByte());
        low.Store(y);
        high.Store(y + 8);
    }
}
