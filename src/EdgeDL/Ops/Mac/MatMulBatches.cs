using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>Which matrices a batched product multiplies, and how they lie.</summary>
sealed record MatMulBatches(
    int Rows, int Depth, int Columns, bool AdjointX, bool AdjointY, int[] Output, string? Problem)
{
    /// <summary>For each matrix of the output: the matrix of x that it takes.</summary>
    public required int[] FromX { get; init; }

    /// <summary>For each matrix of the output: the matrix of w that it takes.</summary>
    public required int[] FromW { get; init; }

    public static MatMulBatches Of(in Shape x, in Shape w, bool adjointX, bool adjointY)
    {
        int rows = adjointX ? x[-1] : x[-2];
        int depth = adjointX ? x[-2] : x[-1];
        int columns = adjointY ? w[-2] : w[-1];
        int rank = Math.Max(x.Rank, w.Rank);
        int[] output = new int[rank];
        string? problem = null;
        for (int axis = 0; axis < rank - 2; axis++)
        {
            int a = Extent(x, axis - rank);
            int b = Extent(w, axis - rank);
            output[axis] = Math.Max(a, b);
            if (a != b && a != 1 && b != 1)
            {
                problem = $"{x} and {w} do not broadcast";
            }
        }

        output[^2] = rows;
        output[^1] = columns;
        problem ??= Shape.Problem(output);
        int count = problem is null ? new Shape(output[..^2]).Elements : 0;
        return new(rows, depth, columns, adjointX, adjointY, output, problem)
        {
            FromX = Map(x, output, count),
            FromW = Map(w, output, count),
        };
    }

    static int Extent(in Shape shape, int axis) => -axis <= shape.Rank ? shape[axis] : 1;

    static int[] Map(in Shape operand, int[] output, int count)
    {
        int[] map = new int[count];
        for (int i = 0; i < count; i++)
        {
            int rest = i;
            int stride = 1;
            for (int axis = 3; axis <= output.Length; axis++)
            {
                int extent = Extent(operand, -axis);
                int at = rest % output[^axis];
                rest /= output[^axis];
                map[i] += extent == 1 ? 0 : at * stride;
                stride *= extent;
            }
        }

        return map;
    }
}
