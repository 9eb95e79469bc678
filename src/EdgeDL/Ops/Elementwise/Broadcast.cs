using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// NumPy's broadcasting of two or three shapes, reduced to rows: axes that run together in every
/// operand are merged, and along the innermost one each operand either advances or stands still.
/// </summary>
sealed class Broadcast
{
    public const int MaxOperands = 3;

    readonly int[] extents;
    readonly int[][] strides;

    /// <summary>Shapes that <see cref="TryShape"/> has found to fit.</summary>
    public Broadcast(Shape y, params ReadOnlySpan<Shape> operands)
    {
        Span<int> merged = stackalloc int[Shape.MaxRank + 1];
        strides = new int[operands.Length][];
        for (int k = 0; k < strides.Length; k++)
        {
            strides[k] = new int[Shape.MaxRank + 1];
        }

        int rank = 0;
        Span<int> step = stackalloc int[MaxOperands];
        for (int axis = y.Rank - 1; axis >= 0; axis--)
        {
            if (y[axis] == 1)
            {
                continue;
            }

            bool runsOn = rank > 0;
            for (int k = 0; k < strides.Length; k++)
            {
                step[k] = Stride(operands[k], y.Rank, axis);
                runsOn = runsOn && step[k] == strides[k][rank - 1] * merged[rank - 1];
            }

            if (runsOn)
            {
                merged[rank - 1] *= y[axis];
                continue;
            }

            for (int k = 0; k < strides.Length; k++)
            {
                strides[k][rank] = step[k];
            }

            merged[rank++] = y[axis];
        }

        Row = rank == 0 ? y.Elements : merged[0];
        extents = merged[Math.Min(rank, 1)..rank].ToArray();
        Rows = Row == 0 ? 0 : y.Elements / Row;
        for (int k = 0; k < strides.Length; k++)
        {
            // The innermost stride is 0 or 1, because operands are contiguous.
            Advances[k] = rank > 0 && strides[k][0] != 0;
            strides[k] = rank > 1 ? strides[k][1..rank] : [];
        }
    }

    /// <summary>Elements in a row.</summary>
    public int Row { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>Along a row, whether the operand advances; otherwise it is one value.</summary>
    public bool[] Advances { get; } = new bool[MaxOperands];

    /// <summary>Where each operand's part of a row begins.</summary>
    public void Offsets(int row, Span<int> offsets)
    {
        offsets.Clear();
        for (int axis = 0; axis < extents.Length; axis++)
        {
            int at = row % extents[axis];
            row /= extents[axis];
            for (int k = 0; k < strides.Length; k++)
            {
                offsets[k] += at * strides[k][axis];
            }
        }
    }

    /// <summary>The shape that a and b broadcast to.</summary>
    public static bool TryShape(Shape a, Shape b, out Shape shape)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        Span<int> dims = stackalloc int[Shape.MaxRank];
        shape = default;
        for (int i = 1; i <= rank; i++)
        {
            int da = i <= a.Rank ? a[-i] : 1;
            int db = i <= b.Rank ? b[-i] : 1;
            if (da != db && da != 1 && db != 1)
            {
                return false;
            }

            dims[rank - i] = da == 1 ? db : da;
        }

        if (Shape.Problem(dims[..rank]) is not null)
        {
            return false;
        }

        shape = new Shape(dims[..rank]);
        return true;
    }

    /// <summary>The shape that a and b broadcast to; throws if they do not.</summary>
    public static Shape Infer(InferContext c, Shape a, Shape b)
    {
        if (!TryShape(a, b, out Shape shape))
        {
            c.Fail($"{a} and {b} do not broadcast: extents must be equal or 1");
        }

        return shape;
    }

    // The distance in elements between neighbours along an axis of the result.
    static int Stride(in Shape operand, int rank, int axis)
    {
        int own = axis - (rank - operand.Rank);
        return own < 0 || operand[own] == 1 ? 0 : operand.Product(own + 1, operand.Rank);
    }
}
