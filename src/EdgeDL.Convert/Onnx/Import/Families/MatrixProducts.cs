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
    public static int Multiply(NodeImport n, int a, int b) =>
        Multiply(n, a, b, (left, right) => Matrices(n, left, right));

    static int Multiply(NodeImport n, int a, int b, Func<int, int, int> product)
    {
        (Shape x, Shape w) = Shapes(n, a, b);
        int left = x.Rank == 1 ? n.Reshape(a, 1, x[0]) : a;
        int right = w.Rank == 1 ? n.Reshape(b, w[0], 1) : b;
        int y = product(left, right);
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
    /// off. A zero point is one for all, one a row of the left operand or one a column of the
    /// right.
    /// </summary>
    public static int Bytes(NodeImport n, int a, int b, int zeroA, int zeroB)
    {
        (int oneA, int manyA) = Zero(n, zeroA);
        (int oneB, int manyB) = Zero(n, zeroB);
        int y = Multiply(n, a, b, (left, right) => n.Add(
            new MatMulInteger(), "product", Operands(left, right, oneA, oneB)));
        if ((manyA >= 0 || manyB >= 0) && (n[a].Shape.Rank < 2 || n[b].Shape.Rank < 2))
        {
            throw n.Fail($"{n[a].Shape} and {n[b].Shape} have several zero points");
        }

        // Σ (a − za)(b − zb) = Σ a(b − zb) − za Σ (b − zb), and the same again for zb.
        if (manyA >= 0)
        {
            manyA = n[manyA].Shape is { Rank: 1 } rows ? n.Reshape(manyA, rows[0], 1) : manyA;
            y = Less(n, y, manyA, Sum(n, b, oneB, n[b].Shape.Rank - 2));
        }

        return manyB < 0
            ? y
            : Less(n, y, manyB, Sum(n, a, manyA < 0 ? oneA : manyA, n[a].Shape.Rank - 1));
    }

    // Σ (value − zero) along an axis, which stays.
    static int Sum(NodeImport n, int value, int zero, int axis)
    {
        int whole = n.Add(new Cast(DType.Int32), "whole", value);
        whole = zero < 0
            ? whole
            : n.Add(new Sub(Activation.None), "centred", whole,
                n.Add(new Cast(DType.Int32), "zero", zero));
        return n.Add(new Sum(new ReduceAxes([axis], true)), "sums", whole);
    }

    /// <summary>y − zero · sums, in Int32.</summary>
    public static int Less(NodeImport n, int y, int zero, int sums)
    {
        int whole = n.Add(new Cast(DType.Int32), "zero", zero);
        int share = n.Add(new Mul(Activation.None), "share", whole, sums);
        return n.Add(new Sub(Activation.None), "less", y, share);
    }

    /// <summary>A zero point as one for all, or as many; −1 for none. Equal ones are one.
    /// </summary>
    public static (int One, int Many) Zero(NodeImport n, int zero)
    {
        if (zero < 0)
        {
            return (-1, -1);
        }

        if (n[zero].Constant is { } constant && n[zero].Shape.Elements > 1
            && !constant.Span[..(int)n[zero].Bytes].ContainsAnyExcept(constant.Span[0]))
        {
            zero = n.Graph.Builder.Constant($"{n.Name}/zero", n[zero].DType, Shape.Scalar,
                Tensors.Constant.Copy(constant.Span[..1]));
        }

        return n[zero].Shape.Elements == 1 ? (n.Reshape(zero), -1) : (-1, zero);
    }

    /// <summary>Operands and zero points of an op on integers.</summary>
    public static int[] Operands(int a, int b, int zeroA, int zeroB) =>
        zeroB >= 0 ? [a, b, zeroA, zeroB] : zeroA >= 0 ? [a, b, zeroA] : [a, b];

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
}
