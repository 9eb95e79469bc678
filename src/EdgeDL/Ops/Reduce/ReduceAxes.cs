using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// The axes that a reduction runs over, counted from 0, and whether they stay as 1.
/// </summary>
public sealed record ReduceAxes(int[] Axes, bool KeepDims)
{
    internal static ReduceAxes Read(ref AttributeReader a) => new(a.Ints(Shape.MaxRank), a.Bool());

    internal void Write(ref AttributeWriter a)
    {
        a.Ints(Axes);
        a.Bool(KeepDims);
    }

    /// <summary>Checks the axes and returns the result's shape.</summary>
    internal Shape Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        Shape x = c.Input(0).Shape;
        Span<bool> reduced = stackalloc bool[Shape.MaxRank];
        foreach (int axis in Axes)
        {
            if (axis < 0 || axis >= x.Rank || reduced[axis])
            {
                c.Fail($"reduces axes {string.Join(",", Axes)} of {x}");
            }

            reduced[axis] = true;
        }

        Span<int> dims = stackalloc int[Shape.MaxRank];
        int rank = 0;
        for (int i = 0; i < x.Rank; i++)
        {
            if (!reduced[i])
            {
                dims[rank++] = x[i];
            }
            else if (KeepDims)
            {
                dims[rank++] = 1;
            }
        }

        return new Shape(dims[..rank]);
    }

    internal ReducePlan Plan(Shape x)
    {
        Span<bool> reduced = stackalloc bool[Shape.MaxRank];
        foreach (int axis in Axes)
        {
            reduced[axis] = true;
        }

        return new ReducePlan(x.Dims, reduced[..x.Rank]);
    }
}
