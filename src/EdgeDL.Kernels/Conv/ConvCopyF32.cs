using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Conv;

/// <summary>y = x.</summary>
readonly unsafe struct ConvCopyF32 : IConvCopy<float, float>
{
    // From here on a call costs nothing beside the copy.
    const int Many = 256;

    public void Copy(float* x, float* y, int count)
    {
        if (count < 4 || count >= Many)
        {
            new ReadOnlySpan<float>(x, count).CopyTo(new Span<float>(y, count));
            return;
        }
        for (int i = 0; i < count - 4; i += 4)
        {
            Vector128.Load(x + i).Store(y + i);
        }
        // Some values twice.
        Vector128.Load(x + count - 4).Store(y + count - 4);
    }
}
