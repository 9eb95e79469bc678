using EdgeDL.Execution;
using EdgeDL.Kernels.Detect;
using EdgeDL.Tensors;
using Kernel = EdgeDL.Kernels.Detect.RoiPool;

namespace EdgeDL.Ops;

/// <summary>
/// y[i, r, c, ·] = the maximum of bin (r, c) of region i of x [N, H, W, C], fp32. Regions are
/// [R, 5] of picture, x₁, y₁, x₂, y₂, times the scale in pixels; y [R, rows, columns, C].
/// </summary>
public sealed class RoiPool(int rows, int columns, float scale) : Op, IOp<RoiPool>
{
    const int Most = 1 << 15;

    public static OpCode Code => OpCode.RoiPool;

    public override OpCode OpCode => Code;

    /// <summary>Rows of bins of a region.</summary>
    public int BinRows => rows;

    /// <summary>Columns of bins.</summary>
    public int BinColumns => columns;

    /// <summary>From the regions' units to pixels.</summary>
    public float Scale => scale;

    public static RoiPool Read(ref AttributeReader a) =>
        new(a.Int(1, Most), a.Int(1, Most), a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(rows);
        a.Int(columns);
        a.Float(scale);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        MovementRules.Type(c, 0, DType.Float32);
        MovementRules.Type(c, 1, DType.Float32);
        Shape x = c.Input(0).Shape;
        Shape regions = c.Input(1).Shape;
        if (x.Rank != 4 || regions.Rank != 2 || regions[1] != 5 || rows is < 1 or > Most
            || columns is < 1 or > Most)
        {
            c.Fail($"takes [N, H, W, C] and regions [R, 5] in {rows} x {columns} bins, gets {x} "
                + $"and {regions}");
        }

        c.SetOutput(
            0, DType.Float32, MovementRules.Shape(c, [regions[0], rows, columns, x[3]]));
    }

    public override Step? Prepare(PrepareContext c) =>
        new PoolStep(c.Workers, c.Name, scale, c.Input(0), c.Input(1), c.Output(0));

    sealed unsafe class PoolStep(
        Workers workers, string name, float scale, TensorView x, TensorView regions, TensorView y)
        : RowsStep(workers, y.Shape[0], y.Shape.Product(1, 4) * 4L)
    {
        protected override void Rows(int begin, int end)
        {
            nint picture = x.Shape.Product(1, 4);
            nint result = y.Shape.Product(1, 4);
            for (int i = begin; i < end; i++)
            {
                float* region = regions.Pointer<float>() + (nint)i * 5;
                if (!(region[0] >= 0 && region[0] < x.Shape[0]))
                {
                    DataRangeException.Throw(
                        name, $"pictures lie in [0, {x.Shape[0]})", (long)region[0]);
                }

                var corners = new Box(
                    region[2] * scale, region[1] * scale, region[4] * scale, region[3] * scale);
                Kernel.Run(
                    corners, y.Shape[1], y.Shape[2], x.Pointer<float>() + (nint)region[0] * picture,
                    x.Shape[1], x.Shape[2], x.Shape[3], y.Pointer<float>() + i * result);
            }
        }
    }
}
