using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What <see cref="ArgMax"/> and <see cref="ArgMin"/> share.</summary>
static class ArgOps
{
    public static void Infer(InferContext c, int axis, bool keepDims, DType indexType)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        RowAxis.Check(c, x.Shape, axis);
        if (indexType is not (DType.Int32 or DType.Int64))
        {
            c.Fail($"gives Int32 or Int64, the model says {indexType}");
        }

        if (x.DType is not (DType.Float32 or (>= DType.Int8 and <= DType.UInt64)))
        {
            c.Fail($"takes Float32 or integers, gets {x.DType}");
        }

        if (x.Shape[axis] == 0)
        {
            c.Fail($"chooses from nothing along axis {axis} of {x.Shape}");
        }

        Span<int> dims = stackalloc int[Shape.MaxRank];
        int rank = 0;
        for (int i = 0; i < x.Shape.Rank; i++)
        {
            if (i != axis || keepDims)
            {
                dims[rank++] = i == axis ? 1 : x.Shape[i];
            }
        }

        c.SetOutput(0, indexType, new Shape(dims[..rank]));
    }
}
