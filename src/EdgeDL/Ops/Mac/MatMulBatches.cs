using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>Which matrices a batched product multiplies, and how they lie.</summary>
sealed record MatMulBatches(
    int Rows, int Depth, int Columns, bool AdjointX, bool AdjointY, int[] Output, string? Problem)
{
    /// <summary>The matrices of the output; 0 if the operands do not fit.</summary>
    public required int Count { get; init; }

    /// <summary>How many rows there are to compute in all of them.</summary>
    public int AllRows => Columns == 0 ? 0 : Count * Rows;

    // From matrix to matrix of an operand, by axis of the output; 0 where it is broadcast.
    readonly int[] stridesX = [];
    readonly int[] stridesW = [];

    /// <summary>The matrix of x that matrix <paramref name="i"/> of the output takes.</summary>
    public int FromX(int i) => From(stridesX, i);

    /// <summary>The matrix of w that matrix <paramref name="i"/> of the output takes.</summary>
    public int FromW(int i) => From(stridesW, i);

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
        return new(rows, depth, columns, adjointX, adjointY, output, problem, x, w)
        {
            Count = count,
        };
    }

    MatMulBatches(int rows, int depth, int columns, bool adjointX, bool adjointY, int[] output,
        string? problem, in Shape x, in Shape w)
        : this(rows, depth, columns, adjointX, adjointY, output, problem)
    {
        stridesX = Strides(x, output.Length);
        stridesW = Strides(w, output.Length);
    }

    static int Extent(in Shape shape, int axis) => -axis <= shape.Rank ? shape[axis] : 1;

    static int[] Strides(in Shape operand, int rank)
    {
        int[] strides = new int[rank - 2];
        int stride = 1;
        for (int axis = 3; axis <= rank; axis++)
        {
            int extent = Extent(operand, -axis);
            strides[^(axis - 2)] = extent == 1 ? 0 : stride;
            stride = unchecked(stride * extent);
        }

        return strides;
    }

    int From(int[] strides, int i)
    {
        int from = 0;
        for (int axis = strides.Length - 1; axis >= 0; axis--)
        {
            from += i % Output[axis] * strides[axis];
            i /= Output[axis];
        }

        return from;
    }
}
