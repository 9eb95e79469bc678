using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x with a border of one value: the second input if there is one, else real zero (the zero
/// point of a quantized tensor).
/// </summary>
public sealed unsafe class Pad(int[] before, int[] after) : Op, IOp<Pad>
{
    public static OpCode Code => OpCode.Pad;

    public override OpCode OpCode => Code;

    /// <summary>Elements put before the first of each axis.</summary>
    public ReadOnlySpan<int> Before => before;

    /// <summary>Elements put after the last of each axis.</summary>
    public ReadOnlySpan<int> After => after;

    public static Pad Read(ref AttributeReader a) =>
        new(a.Ints(Shape.MaxRank), a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a)
    {
        a.Ints(before);
        a.Ints(after);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(minInputs: 1, maxInputs: 2, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        if (c.HasInput(1))
        {
            MovementRules.Type(c, 1, x.DType);
            if (c.Input(1).Shape.Elements != 1)
            {
                c.Fail($"the border value is {c.Input(1).Shape}, not one element");
            }
        }

        if (x.Quant is not null && c.OutputQuant(0) is { } quant
            && !Quantization.Same(x.Quant, quant))
        {
            c.Fail($"the input is quantized as {x.Quant}, the output as {quant}; they must be "
                + "equal");
        }

        c.SetOutput(0, x.DType, Padded(c, x.Shape, before, after));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        int size = x.DType.Size();
        byte* element = c.HasInput(1) ? c.Input(1).Data : RealZero(c, y);
        long[] xStrides = MovementRules.Strides(x.Shape, size);
        long[] yStrides = MovementRules.Strides(y.Shape, size);
        var axes = new StridedCopy.Axis[before.Length];
        long at = 0;
        for (int d = 0; d < axes.Length; d++)
        {
            axes[d] = new(x.Shape[d], xStrides[d], yStrides[d]);
            at += before[d] * yStrides[d];
        }

        return new FillThenCopyStep(y, element, [new StridedPart(x, 0, y, at, axes, size)]);
    }

    /// <summary>The shape with borders; rejects negative ones.</summary>
    internal static Shape Padded(
        InferContext c, in Shape shape, ReadOnlySpan<int> before, ReadOnlySpan<int> after)
    {
        MovementRules.Length(c, before, shape.Rank, "the front padding");
        MovementRules.Length(c, after, shape.Rank, "the back padding");
        Span<int> dims = stackalloc int[Shape.MaxRank];
        for (int d = 0; d < before.Length; d++)
        {
            long extent = (long)before[d] + shape[d] + after[d];
            if (before[d] < 0 || after[d] < 0 || extent > int.MaxValue)
            {
                c.Fail($"axis {d} of {shape[d]} elements can't be padded by {before[d]} and "
                    + $"{after[d]}");
            }

            dims[d] = (int)extent;
        }

        return MovementRules.Shape(c, dims[..before.Length]);
    }

    /// <summary>One element that stands for zero.</summary>
    internal static byte* RealZero(PrepareContext c, in TensorView y)
    {
        byte* element = c.Pack<byte>(8);
        *(long*)element = y.Quant is { } quant ? quant.ZeroPoint : 0;
        return element;
    }
}
