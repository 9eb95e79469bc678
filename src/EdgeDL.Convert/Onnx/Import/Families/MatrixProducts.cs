using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Products of matrices as nodes of ours, whatever their ranks and types.</summary>
static class MatrixProducts
{
    /// <summary>255 · 255 · 258 is the last below 2²⁴: as far as fp32 counts without a gap.
    /// </summary>
    public const int ExactDepth = 258;

    /// <summary>NumPy's matmul: operands of rank 1 are a row and a column.</summary>
    public static int Multiply(NodeImport n, int a, int b)
    {
        (Shape x, Shape w) = Shapes(n, a, b);
        int left = x.Rank == 1 ? n.Reshape(a, 1, x[0]) : a;
        int right = w.Rank == 1 ? n.Reshape(b, w[0], 1) : b;
        int y = Matrices(n, left, right);
        if (x.Rank > 1 && w.Rank > 1)
        {
            return y;
        }

        Shape full = n[y].Shape;
        int[] kept = full.Dims[..^2].ToArray();
        return n.Reshape(y,
            [.. kept, .. x.Rank > 1 ? [full[-2]] : (int[])[], .. w.Rank > 1 ? [full[-1]]
                : (int[])[]]);
    }

    static (Shape X, Shape W) Shapes(NodeImport n, int a, int b)
    {
        (Shape x, Shape w) = (n[a].Shape, n[b].Shape);
        return x.Rank > 0 && w.Rank > 0 && x[-1] == w[w.Rank == 1 ? 0 : -2]
            ? (x, w)
            : throw n.Fail($"{x} and {w} are no matrices that can be multiplied");
    }

    static int Matrices(NodeImport n, int a, int b)
    {
        if (n[a].DType != DType.Float32)
        {
            return Integers(n, a, b);
        }

        // Weights are one matrix for all rows: they are packed once.
        return n.Graph.IsConstant(b) && n[b].Shape is { Rank: 2, Elements: > 0 }
            && n[a].Shape.Elements > 0
            ? n.Add(new FullyConnected(true, Activation.None), "product", a, n.Transpose(b, 1, 0))
            : n.Add(new BatchMatMul(false, false), "product", a, b);
    }

    // Σ_k x[…, m, k, 1] · w[…, 1, k, n]; sums wrap in the operands' type.
    static int Integers(NodeImport n, int a, int b)
    {
        DType type = n[a].DType;
        Shape x = n[a].Shape;
        Shape w = n[b].Shape;
        int left = n.Reshape(Wide(n, a), [.. x.Dims, 1]);
        int right = n.Reshape(Wide(n, b), [.. w.Dims[..^2], 1, w[-2], w[-1]]);
        int products = n.Add(new Mul(Activation.None), "products", left, right);
        int rank = n[products].Shape.Rank;
        int sum = n.Add(new Sum(new ReduceAxes([rank - 2], false)), "sum", products);
        return n[sum].DType == type ? sum : n.Add(new Cast(type), "narrow", sum);
    }

    static int Wide(NodeImport n, int value) => n[value].DType is DType.Int32 or DType.Int64
        ? value
        : n.Add(new Cast(DType.Int64), "wide", value);

    /// <summary>
    /// The product of matrices of 8-bit integers as Int32, their zero points (−1 for none) taken
    /// off. It is computed in fp32, in parts so short that no sum leaves the whole numbers that
    /// fp32 holds.
    /// </summary>
    public static int Bytes(NodeImport n, int a, int b, int zeroA, int zeroB)
    {
        int left = Less(n, a, zeroA, rowsOf: true);
        int right = Less(n, b, zeroB, rowsOf: false);
        int depth = Shapes(n, left, right).X[-1];
        if (depth <= ExactDepth
            || (n[right].Shape.Rank == 2 && IsExact(n, n.Transpose(right, 1, 0), depth)))
        {
            return n.Add(new Cast(DType.Int32), "whole", Multiply(n, left, right));
        }

        int sum = -1;
        for (int k = 0; k < depth; k += ExactDepth)
        {
            int count = Math.Min(ExactDepth, depth - k);
            int part = Multiply(
                n, Part(n, left, -1, k, count),
                Part(n, right, n[right].Shape.Rank == 1 ? -1 : -2, k, count));
            part = n.Add(new Cast(DType.Int32), "whole", part);
            sum = sum < 0 ? part : n.Add(new Add(Activation.None), "sum", sum, part);
        }

        return sum;
    }

    /// <summary>
    /// True if the value is constant and no row of <paramref name="length"/> weights, times 255,
    /// sums to 2²⁴.
    /// </summary>
    public static bool IsExact(NodeImport n, int weights, int length)
    {
        if (n[weights].Constant is not { } constant)
        {
            return false;
        }

        ReadOnlySpan<float> w = constant.As<float>()[..n[weights].Shape.Elements];
        for (; !w.IsEmpty; w = w[length..])
        {
            double sum = 0;
            foreach (float value in w[..length])
            {
                sum += Math.Abs(value) * 255;
            }

            if (sum >= 1 << 24)
            {
                return false;
            }
        }

        return true;
    }

    static int Part(NodeImport n, int value, int axis, int begin, int count)
    {
        Shape shape = n[value].Shape;
        int[] from = new int[shape.Rank];
        from[axis + shape.Rank] = begin;
        return n.Add(new Slice(from, shape.With(axis, count).ToArray()), $"part {begin}", value);
    }

    // A zero point is one for all, one a row of the left operand or one a column of the right.
    static int Less(NodeImport n, int value, int zero, bool rowsOf)
    {
        int real = n.Add(new Cast(DType.Float32), "real", value);
        if (zero < 0)
        {
            return real;
        }

        int offset = n.Add(new Cast(DType.Float32), "zero", zero);
        offset = n[offset].Shape is { Rank: 1, Elements: > 1 } one && rowsOf
            ? n.Reshape(offset, one[0], 1)
            : n[offset].Shape.Elements == 1 ? n.Reshape(offset) : offset;
        return n.Add(new Sub(Activation.None), "centred", real, offset);
    }
}
