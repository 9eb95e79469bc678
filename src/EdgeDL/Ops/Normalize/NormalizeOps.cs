using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What the normalisations share.</summary>
static class NormalizeOps
{
    /// <summary>Throws unless input 0 is fp32; the output has its shape.</summary>
    public static Shape Float(InferContext c)
    {
        InferInput x = c.Input(0);
        if (x.DType != DType.Float32)
        {
            c.Fail($"takes Float32, gets {x.DType}");
        }

        c.SetOutput(0, DType.Float32, x.Shape);
        return x.Shape;
    }

    /// <summary>
    /// Throws unless input <paramref name="i"/>, if present, has so many fp32 numbers.
    /// </summary>
    public static void Parameter(InferContext c, int i, int count, string name)
    {
        if (!c.HasInput(i))
        {
            return;
        }

        InferInput p = c.Input(i);
        if (p.DType != DType.Float32 || p.Shape.Elements != count)
        {
            c.Fail($"{name} must be {count} Float32, is {p.DType} {p.Shape}");
        }
    }

    public static void Epsilon(InferContext c, float epsilon)
    {
        if (!(epsilon >= 0 && float.IsFinite(epsilon)))
        {
            c.Fail($"epsilon {epsilon} is not finite and positive");
        }
    }

    /// <summary>The numbers of an optional input; none if it is left out.</summary>
    public static unsafe FloatSpan Optional(PrepareContext c, int i) =>
        c.HasInput(i) ? new(c.Input(i).Pointer<float>(), c.Input(i).Elements) : default;
}

/// <summary>Address and count of fp32 numbers: a span that a step can keep.</summary>
readonly unsafe struct FloatSpan(float* data, int count)
{
    public ReadOnlySpan<float> Span => new(data, count);
}
