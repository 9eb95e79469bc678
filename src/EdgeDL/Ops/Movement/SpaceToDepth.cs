using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>Blocks of block × block pixels become channels, NHWC: [n, h, w, c] to [n, h/b, w/b,
/// b·b·c].</summary>
public sealed class SpaceToDepth(int block) : Op, IOp<SpaceToDepth>
{
    public static OpCode Code => OpCode.SpaceToDepth;

    public override OpCode OpCode => Code;

    /// <summary>The side of a block.</summary>
    public int Block => block;

    public static SpaceToDepth Read(ref AttributeReader a) => new(a.Int(1, 1 << 15));

    public override void Write(ref AttributeWriter a) => a.Int(block);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        Shape s = x.Shape;
        if (s.Rank != 4 || block < 1 || block > 1 << 15
            || s[1] % block != 0 || s[2] % block != 0)
        {
            c.Fail($"{s} does not hold whole blocks of {block}x{block}");
        }

        long depth = (long)s[3] * block * block;
        if (depth > int.MaxValue)
        {
            c.Fail($"would give {depth} channels");
        }

        c.SetOutput(
            0, x.DType, MovementRules.Shape(c, [s[0], s[1] / block, s[2] / block, (int)depth]));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        return new StridedStep(new StridedPart(
            x, 0, y, 0, Axes(x.Shape, y.Shape, block, x.DType.Size()), x.DType.Size()));
    }

    // From many pixels to few deep ones: batch, row, row in block, column, column in block,
    // channel.
    internal static StridedCopy.Axis[] Axes(in Shape wide, in Shape deep, int block, int size)
    {
        long[] w = MovementRules.Strides(wide, size);
        long[] d = MovementRules.Strides(deep, size);
        long channel = size;
        long column = channel * wide[3];
        long row = column * block;
        return
        [
            new(deep[0], w[0], d[0]),
            new(deep[1], w[1] * block, d[1]),
            new(block, w[1], row),
            new(deep[2], w[2] * block, d[2]),
            new(block, w[2], column),
            new(wide[3], channel, channel),
        ];
    }
}
