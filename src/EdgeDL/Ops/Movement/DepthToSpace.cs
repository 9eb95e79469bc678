using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>The inverse of <see cref="SpaceToDepth"/>; with columnFirst the channels lie [c, b, b]
/// instead of [b, b, c] (ONNX mode CRD).</summary>
public sealed class DepthToSpace(int block, bool columnFirst) : Op, IOp<DepthToSpace>
{
    public static OpCode Code => OpCode.DepthToSpace;

    public override OpCode OpCode => Code;

    /// <summary>The side of a block.</summary>
    public int Block => block;

    /// <summary>True if the channels lie [c, b, b].</summary>
    public bool ColumnFirst => columnFirst;

    public static DepthToSpace Read(ref AttributeReader a) => new(a.Int(1, 1 << 15), a.Bool());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(block);
        a.Bool(columnFirst);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        Shape s = x.Shape;
        if (s.Rank != 4 || block < 1 || block > 1 << 15 || s[3] % (block * block) != 0)
        {
            c.Fail($"the channels of {s} don't hold whole blocks of {block}x{block}");
        }

        long rows = (long)s[1] * block;
        long columns = (long)s[2] * block;
        if (Math.Max(rows, columns) > int.MaxValue)
        {
            c.Fail($"would give {rows}x{columns} pixels");
        }

        int depth = s[3] / (block * block);
        c.SetOutput(
            0, x.DType, MovementRules.Shape(c, [s[0], (int)rows, (int)columns, depth]));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        int size = x.DType.Size();
        StridedCopy.Axis[] axes = SpaceToDepth.Axes(y.Shape, x.Shape, block, size);
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = new(axes[i].Extent, axes[i].YStride, axes[i].XStride);
        }

        if (columnFirst)
        {
            axes[2] = axes[2] with { XStride = (long)size * block };
            axes[4] = axes[4] with { XStride = size };
            axes[5] = axes[5] with { XStride = (long)size * block * block };
        }

        return new StridedStep(new StridedPart(x, 0, y, 0, axes, size));
    }
}
