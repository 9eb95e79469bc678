using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>Checks that every convolution makes of its shapes.</summary>
static class MacShapes
{
    public static void CheckRanks(InferContext c, in Shape x, in Shape w, int rank)
    {
        if (x.Rank != rank || w.Rank != rank)
        {
            c.Fail($"takes input and weights of rank {rank}, gets {x} and {w}");
        }

        if (x.Elements == 0 || w.Elements == 0)
        {
            c.Fail($"takes no empty tensors, gets {x} and {w}");
        }
    }

    /// <summary>Channels / depth, if channels and outputs divide into groups.</summary>
    public static int Groups(InferContext c, int channels, int depth, int outputs)
    {
        if (channels % depth != 0 || outputs % (channels / depth) != 0)
        {
            c.Fail($"{channels} input channels and {outputs} outputs do not divide into groups of "
                + $"{depth} channels, the weights' depth");
        }

        return channels / depth;
    }

    /// <summary>The output has the input's type, the given extents and costs.</summary>
    public static void SetOutput(InferContext c, int[] dims, long macsPerValue)
    {
        if (Shape.Problem(dims) is { } problem)
        {
            c.Fail(problem);
        }

        var y = new Shape(dims);
        c.SetOutput(0, c.Input(0).DType, y);
        c.Macs(y.Elements * macsPerValue);
    }
}
