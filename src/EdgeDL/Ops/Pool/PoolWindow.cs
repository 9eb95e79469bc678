using EdgeDL.Kernels.Pool;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Window, padding and output positions of a pooling along one axis. The number of outputs is
/// given, since a last window may hang over the padding (ONNX's ceil_mode).
/// </summary>
public readonly record struct PoolWindow(
    int Kernel, int Stride, int Dilation, int PadBefore, int PadAfter, int Output)
{
    const int Most = 1 << 20;

    internal static PoolWindow Read(ref AttributeReader a) => new(
        a.Int(1, Most), a.Int(1, Most), a.Int(1, Most), a.Int(0, Most), a.Int(0, Most),
        a.Int(1, 1 << 30));

    internal void Write(ref AttributeWriter a)
    {
        a.Int(Kernel);
        a.Int(Stride);
        a.Int(Dilation);
        a.Int(PadBefore);
        a.Int(PadAfter);
        a.Int(Output);
    }

    internal void Check(InferContext c, int input)
    {
        if (Kernel is < 1 or > Most || Stride is < 1 or > Most || Dilation is < 1 or > Most
            || PadBefore is < 0 or > Most || PadAfter is < 0 or > Most || Output < 1)
        {
            c.Fail($"window {this} has a number outside 1 to {Most}");
        }

        long last = (Output - 1L) * Stride - PadBefore;
        if (input < 1 || (long)input + PadBefore + PadAfter > 1 << 30
            || last >= (long)input + PadAfter)
        {
            c.Fail($"{Output} windows, {Stride} apart, do not start in {input} inputs with "
                + $"{PadBefore} + {PadAfter} of padding");
        }
    }

    internal PoolExtent Bind(int input) =>
        new(input, Output, Kernel, Stride, Dilation, PadBefore, PadAfter);
}
