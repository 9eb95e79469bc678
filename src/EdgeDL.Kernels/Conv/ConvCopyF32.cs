namespace EdgeDL.Kernels.Conv;

/// <summary>y = x.</summary>
readonly unsafe struct ConvCopyF32 : IConvCopy<float, float>
{
    public void Copy(float* x, float* y, int count) =>
        new ReadOnlySpan<float>(x, count).CopyTo(new Span<float>(y, count));
}
