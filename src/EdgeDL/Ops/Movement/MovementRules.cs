using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What every op that moves elements checks the same way.</summary>
static class MovementRules
{
    /// <summary>Input <paramref name="i"/>, whose elements must be whole bytes.</summary>
    public static InferInput Whole(InferContext c, int i)
    {
        InferInput x = c.Input(i);
        if (x.DType.Size() == 0)
        {
            c.Fail($"input {i} is {x.DType}; elements that share a byte can't be moved");
        }

        return x;
    }

    /// <summary>Rejects an axis that is not in [0, <paramref name="rank"/>).</summary>
    public static void Axis(InferContext c, int axis, int rank)
    {
        if ((uint)axis >= (uint)rank)
        {
            c.Fail($"axis {axis} is not one of the {rank} of the input");
        }
    }

    /// <summary>Rejects an attribute list of another length than the rank.</summary>
    public static void Length(InferContext c, ReadOnlySpan<int> list, int rank, string what)
    {
        if (list.Length != rank)
        {
            c.Fail($"{what} has {list.Length} entries, the input has {rank} axes");
        }
    }

    /// <summary>Input <paramref name="i"/>, which must be int32 or int64.</summary>
    public static InferInput Index(InferContext c, int i)
    {
        InferInput x = c.Input(i);
        if (x.DType is not (DType.Int32 or DType.Int64))
        {
            c.Fail($"input {i} holds indices and is {x.DType}, not Int32 or Int64");
        }

        return x;
    }

    /// <summary>Rejects an input of another type.</summary>
    public static void Type(InferContext c, int i, DType type)
    {
        if (c.Input(i).DType != type)
        {
            c.Fail($"input {i} is {c.Input(i).DType}, not {type}");
        }
    }

    /// <summary>Rejects an input of another shape.</summary>
    public static void Shape(InferContext c, int i, in Shape shape)
    {
        if (c.Input(i).Shape != shape)
        {
            c.Fail($"input {i} is {c.Input(i).Shape}, not {shape}");
        }
    }

    /// <summary>The shape with these extents, or a rejection.</summary>
    public static Shape Shape(InferContext c, ReadOnlySpan<int> dims)
    {
        if (Tensors.Shape.Problem(dims) is { } problem)
        {
            c.Fail(problem);
        }

        return new Shape(dims);
    }

    /// <summary>The bytes from one index of an axis to the next, for every axis.</summary>
    public static long[] Strides(in Shape shape, int elementBytes)
    {
        long[] strides = new long[shape.Rank];
        long stride = elementBytes;
        for (int d = shape.Rank - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= shape[d];
        }

        return strides;
    }
}
