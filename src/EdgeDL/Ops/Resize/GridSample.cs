using EdgeDL.Execution;
using EdgeDL.Kernels.Resize;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[n, p, ·] = x[n] at grid[n, p]: fp32 x [N, H, W, C] and grid [N, h, w, 2] of (x, y), or with a
/// depth [N, D, H, W, C] and [N, d, h, w, 3] of (x, y, z); −1 and 1 are the input's ends.
/// </summary>
public sealed class GridSample(ResizeMethod method, GridPadding padding, bool alignsCorners)
    : Op, IOp<GridSample>
{
    public static OpCode Code => OpCode.GridSample;

    public override OpCode OpCode => Code;

    public ResizeMethod Method => method;

    public GridPadding Padding => padding;

    /// <summary>True: the ends are the centres of the outermost pixels.</summary>
    public bool AlignsCorners => alignsCorners;

    public static GridSample Read(ref AttributeReader a) =>
        new((ResizeMethod)a.Enum(3), (GridPadding)a.Enum(3), a.Bool());

    public override void Write(ref AttributeWriter a)
    {
        a.Byte((byte)method);
        a.Byte((byte)padding);
        a.Bool(alignsCorners);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        MovementRules.Type(c, 0, DType.Float32);
        MovementRules.Type(c, 1, DType.Float32);
        Shape x = c.Input(0).Shape;
        Shape grid = c.Input(1).Shape;
        if (x.Rank is not (4 or 5) || grid.Rank != x.Rank || grid[0] != x[0]
            || grid[-1] != x.Rank - 2 || x.Product(1, x.Rank - 1) == 0)
        {
            c.Fail($"samples [N, (D,) H, W, C] at [N, …, 2 or 3], gets {x} and {grid}");
        }

        int[] dims = grid.ToArray();
        dims[^1] = x[-1];
        Shape y = MovementRules.Shape(c, dims);
        c.SetOutput(0, DType.Float32, y);
        c.Macs(y.Elements * Taps(grid[-1]));
    }

    public override Step? Prepare(PrepareContext c) => new SampleStep(
        c.Workers, this, c.Input(0), c.Input(1), c.Output(0));

    long Taps(int axes)
    {
        int taps = method switch
        {
            ResizeMethod.Nearest => 1,
            ResizeMethod.Linear => 2,
            _ => 4,
        };
        return axes == 2 ? taps * taps : taps * taps * taps;
    }

    // A row of the grid is the unit of work.
    sealed unsafe class SampleStep(
        Workers workers, GridSample op, TensorView x, TensorView grid, TensorView y)
        : RowsStep(
            workers, grid.Shape.Product(0, grid.Shape.Rank - 2),
            grid.Shape[-2] * op.Taps(grid.Shape[-1]) * x.Shape[-1])
    {
        readonly int[] extents = x.Shape.Dims[1..^1].ToArray();
        readonly GridAxis[] axes = Array.ConvertAll(
            x.Shape.Dims[1..^1].ToArray(),
            size => new GridAxis(size, op.Method, op.Padding, op.AlignsCorners));
        readonly int positions = grid.Shape[-2];
        readonly int rowsPerInput = grid.Shape.Product(1, grid.Shape.Rank - 2);

        protected override void Rows(int begin, int end)
        {
            int channels = x.Shape[-1];
            nint input = x.Shape.Product(1, x.Shape.Rank);
            for (int row = begin; row < end; row++)
            {
                nint first = (nint)row * positions;
                GridSampler.Run(
                    axes, extents, channels, x.Pointer<float>() + row / rowsPerInput * input,
                    grid.Pointer<float>() + first * axes.Length,
                    y.Pointer<float>() + first * channels, positions);
            }
        }
    }
}
