using EdgeDL.Kernels.Conv;

namespace EdgeDL.Bench.Micro;

/// <summary>Fixed shapes: square products, and layers of the small nets.</summary>
static class KernelShapes
{
    public static LayerShape[] Products() =>
    [
        Product(256, 256, 256), Product(512, 512, 512), Product(1024, 1024, 1024),
        Product(1, 640, 128), Product(1, 128, 128), Product(1, 64, 10), Product(1, 1280, 1001),
        Named("kws pointwise", ConvShape.MatMul(125, 64, 64)),
        Named("vww pointwise 48×48", ConvShape.MatMul(48 * 48, 8, 16)),
        Named("vww pointwise 24×24", ConvShape.MatMul(24 * 24, 32, 32)),
        Named("vww pointwise 6×6", ConvShape.MatMul(6 * 6, 128, 128)),
        Named("vww pointwise 3×3", ConvShape.MatMul(3 * 3, 256, 256)),
        Named("mobilenet pointwise 112×112", ConvShape.MatMul(112 * 112, 32, 64)),
        Named("mobilenet pointwise 14×14", ConvShape.MatMul(14 * 14, 512, 512)),
    ];

    public static LayerShape[] Convolutions() =>
    [
        Named("kws first 10×4", Same(49, 10, 1, 64, kernelHeight: 10, kernelWidth: 4, stride: 2)),
        Named("ic first 3×3", Same(32, 32, 3, 16, 3, 3, stride: 1)),
        Named("ic 3×3 32×32×16", Same(32, 32, 16, 16, 3, 3, stride: 1)),
        Named("ic 3×3 to 16×16×32", Same(32, 32, 16, 32, 3, 3, stride: 2)),
        Named("ic 3×3 16×16×32", Same(16, 16, 32, 32, 3, 3, stride: 1)),
        Named("ic 3×3 8×8×64", Same(8, 8, 64, 64, 3, 3, stride: 1)),
        Named("vww first 3×3", Same(96, 96, 3, 8, 3, 3, stride: 2)),
        Named("mobilenet first 3×3", Same(224, 224, 3, 32, 3, 3, stride: 2)),
        Named("upsampling 4×4", Doubled(16, 64, 32, kernel: 4)),
        Named("upsampling 3×3", Doubled(16, 64, 32, kernel: 3)),
    ];

    public static LayerShape[] Depthwise() =>
    [
        Named("kws 25×5×64", Channelwise(25, 5, 64, stride: 1)),
        Named("vww 48×48×8", Channelwise(48, 48, 8, stride: 1)),
        Named("vww 48×48×16 by 2", Channelwise(48, 48, 16, stride: 2)),
        Named("vww 24×24×32", Channelwise(24, 24, 32, stride: 1)),
        Named("vww 6×6×128", Channelwise(6, 6, 128, stride: 1)),
        Named("vww 3×3×256", Channelwise(3, 3, 256, stride: 1)),
        Named("mobilenet 112×112×32", Channelwise(112, 112, 32, stride: 1)),
        Named("mobilenet 112×112×64 by 2", Channelwise(112, 112, 64, stride: 2)),
        Named("mobilenet 14×14×512", Channelwise(14, 14, 512, stride: 1)),
    ];

    // A transposed convolution by stride 2 to a square of twice the side.
    static ConvShape Doubled(int side, int channels, int outputs, int kernel) => new()
    {
        InHeight = side,
        InWidth = side,
        InChannels = channels,
        OutHeight = 2 * side,
        OutWidth = 2 * side,
        OutChannels = outputs,
        KernelHeight = kernel,
        KernelWidth = kernel,
        StrideHeight = 2,
        StrideWidth = 2,
        PadTop = 1,
        PadLeft = 1,
        Transposed = true,
    };

    static LayerShape Named(string name, ConvShape shape) => new(name, shape);

    static LayerShape Product(int m, int k, int n) =>
        Named($"{m}×{k} · {k}×{n}", ConvShape.MatMul(m, k, n));

    static ConvShape Channelwise(int height, int width, int channels, int stride) =>
        Same(height, width, channels, channels, 3, 3, stride) with { Groups = channels };

    static ConvShape Same(
        int height, int width, int channels, int outputs, int kernelHeight, int kernelWidth,
        int stride)
    {
        int outHeight = (height + stride - 1) / stride;
        int outWidth = (width + stride - 1) / stride;
        return new ConvShape
        {
            InHeight = height,
            InWidth = width,
            InChannels = channels,
            OutHeight = outHeight,
            OutWidth = outWidth,
            OutChannels = outputs,
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            StrideHeight = stride,
            StrideWidth = stride,
            PadTop = Math.Max(((outHeight - 1) * stride) + kernelHeight - height, 0) / 2,
            PadLeft = Math.Max(((outWidth - 1) * stride) + kernelWidth - width, 0) / 2,
        };
    }
}
