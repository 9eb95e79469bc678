using EdgeDL.Kernels.Resize;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What the resize ops share.</summary>
static class ResizeOps
{
    const int MostPixels = 1 << 20;

    /// <summary>Checks sizes; the output has the input's type and quantization.</summary>
    public static void Infer(InferContext c, int height, int width)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (x.Shape.Rank != 4)
        {
            c.Fail($"takes a tensor of rank 4 (NHWC), gets {x.Shape}");
        }

        if (x.Shape[1] is < 1 or > MostPixels || x.Shape[2] is < 1 or > MostPixels
            || height is < 1 or > MostPixels || width is < 1 or > MostPixels)
        {
            c.Fail($"turns {x.Shape[1]}x{x.Shape[2]} into {height}x{width}; each side must be 1 to "
                + $"{MostPixels}");
        }

        int[] dims = [x.Shape[0], height, width, x.Shape[3]];
        if (Shape.Problem(dims) is { } problem)
        {
            c.Fail(problem);
        }

        Quantizations.RequireSame(c);
        c.SetOutput(0, x.DType, new Shape(dims));
    }

    public static ResizeShape Bind(Shape x, Shape y, int pixel) =>
        new(x[0], x[1], x[2], pixel, y[1], y[2]);
}
