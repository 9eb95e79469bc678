using EdgeDL.Kernels.Pool;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// The window of a 2-D pooling over NHWC: size, stride and explicit padding. Padding never counts.
/// </summary>
public sealed record PoolWindow2D
{
    const int Most = 1 << 20;

    public required int KernelHeight { get; init; }

    public required int KernelWidth { get; init; }

    public int StrideHeight { get; init; } = 1;

    public int StrideWidth { get; init; } = 1;

    public int PadTop { get; init; }

    public int PadLeft { get; init; }

    public int PadBottom { get; init; }

    public int PadRight { get; init; }

    internal static PoolWindow2D Read(ref AttributeReader a) => new()
    {
        KernelHeight = a.Int(1, Most),
        KernelWidth = a.Int(1, Most),
        StrideHeight = a.Int(1, Most),
        StrideWidth = a.Int(1, Most),
        PadTop = a.Int(0, Most),
        PadLeft = a.Int(0, Most),
        PadBottom = a.Int(0, Most),
        PadRight = a.Int(0, Most),
    };

    internal void Write(ref AttributeWriter a)
    {
        a.Int(KernelHeight);
        a.Int(KernelWidth);
        a.Int(StrideHeight);
        a.Int(StrideWidth);
        a.Int(PadTop);
        a.Int(PadLeft);
        a.Int(PadBottom);
        a.Int(PadRight);
    }

    internal void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (x.Shape.Rank != 4)
        {
            c.Fail($"takes a tensor of rank 4 (NHWC), gets {x.Shape}");
        }

        if (KernelHeight is < 1 or > Most || KernelWidth is < 1 or > Most
            || StrideHeight is < 1 or > Most || StrideWidth is < 1 or > Most)
        {
            c.Fail($"window {KernelHeight}x{KernelWidth} or stride {StrideHeight}x{StrideWidth} is "
                + $"outside 1 to {Most}");
        }

        if (PadTop < 0 || PadLeft < 0 || PadBottom < 0 || PadRight < 0
            || PadTop >= KernelHeight || PadBottom >= KernelHeight
            || PadLeft >= KernelWidth || PadRight >= KernelWidth)
        {
            c.Fail($"padding {PadTop},{PadLeft},{PadBottom},{PadRight} is not smaller than the "
                + $"window {KernelHeight}x{KernelWidth}");
        }

        int height = Extent(c, x.Shape[1], PadTop + PadBottom, KernelHeight, StrideHeight);
        int width = Extent(c, x.Shape[2], PadLeft + PadRight, KernelWidth, StrideWidth);
        int[] dims = [x.Shape[0], height, width, x.Shape[3]];
        if (Shape.Problem(dims) is { } problem)
        {
            c.Fail(problem);
        }

        var y = new Shape(dims);
        c.SetOutput(0, x.DType, y);
        long window = Math.Min(KernelHeight, x.Shape[1]) * (long)Math.Min(KernelWidth, x.Shape[2]);
        c.Macs(y.Elements * window);
    }

    internal PoolShape Bind(Shape x, Shape y) => new(
        x[0], x[1], x[2], x[3], y[1], y[2],
        KernelHeight, KernelWidth, StrideHeight, StrideWidth, PadTop, PadLeft);

    static int Extent(InferContext c, int input, int padding, int kernel, int stride)
    {
        long free = (long)input + padding - kernel;
        if (input == 0 || free < 0)
        {
            c.Fail($"a window of {kernel} does not fit into {input} + {padding} of padding");
        }

        return (int)(free / stride) + 1;
    }
}
