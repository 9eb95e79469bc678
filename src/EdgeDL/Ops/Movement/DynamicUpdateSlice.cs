using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x with a box overwritten by the second input; the third holds the box's first index of
/// every axis, which is moved so that the box fits.
/// </summary>
public sealed unsafe class DynamicUpdateSlice : Op, IOp<DynamicUpdateSlice>
{
    public static OpCode Code => OpCode.DynamicUpdateSlice;

    public override OpCode OpCode => Code;

    public static DynamicUpdateSlice Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 3, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        Shape update = c.Input(1).Shape;
        MovementRules.Type(c, 1, x.DType);
        StartIndices.Check(c, 2, x.Shape, update);
        c.SetOutput(0, x.DType, x.Shape);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView update = c.Input(1);
        TensorView y = c.Output(0);
        int size = x.DType.Size();
        long[] xStrides = MovementRules.Strides(x.Shape, size);
        long[] updateStrides = MovementRules.Strides(update.Shape, size);
        var axes = new StridedCopy.Axis[x.Shape.Rank];
        for (int d = 0; d < axes.Length; d++)
        {
            axes[d] = new(update.Shape[d], updateStrides[d], xStrides[d]);
        }

        var starts = new StartIndices(c.Input(2), x.Shape, update.Shape, size);
        return new UpdateStep(x, update, y, new StridedCopy(axes, size), starts);
    }

    sealed class UpdateStep(
        TensorView x, TensorView update, TensorView y, StridedCopy copy, StartIndices starts) : Step
    {
        public override void Run()
        {
            if (x.Data != y.Data)
            {
                Buffer.MemoryCopy(x.Data, y.Data, y.Bytes, x.Bytes);
            }

            copy.Run(update.Data, y.Data + starts.Offset());
        }
    }
}

/// <summary>y = the box of x with the extents size whose first index the second input holds; it is
/// moved so that the box fits.</summary>
public sealed unsafe class DynamicSlice(int[] size) : Op, IOp<DynamicSlice>
{
    public static OpCode Code => OpCode.DynamicSlice;

    public override OpCode OpCode => Code;

    /// <summary>The extents of the box.</summary>
    public ReadOnlySpan<int> Size => size;

    public static DynamicSlice Read(ref AttributeReader a) => new(a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a) => a.Ints(size);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        Shape box = MovementRules.Shape(c, size);
        StartIndices.Check(c, 1, x.Shape, box);
        c.SetOutput(0, x.DType, box);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        int bytes = x.DType.Size();
        long[] xStrides = MovementRules.Strides(x.Shape, bytes);
        long[] yStrides = MovementRules.Strides(y.Shape, bytes);
        var axes = new StridedCopy.Axis[size.Length];
        for (int d = 0; d < axes.Length; d++)
        {
            axes[d] = new(size[d], xStrides[d], yStrides[d]);
        }

        var starts = new StartIndices(c.Input(1), x.Shape, y.Shape, bytes);
        return new SliceStep(x, y, new StridedCopy(axes, bytes), starts);
    }

    sealed class SliceStep(TensorView x, TensorView y, StridedCopy copy, StartIndices starts) : Step
    {
        public override void Run() => copy.Run(x.Data + starts.Offset(), y.Data);
    }
}

/// <summary>Where a box begins, one int32 or int64 an axis, clamped so that it fits.</summary>
readonly unsafe struct StartIndices
{
    readonly TensorView index;
    readonly int[] most;
    readonly long[] strides;

    public StartIndices(in TensorView index, in Shape whole, in Shape box, int elementBytes)
    {
        this.index = index;
        strides = MovementRules.Strides(whole, elementBytes);
        most = new int[whole.Rank];
        for (int d = 0; d < most.Length; d++)
        {
            most[d] = whole[d] - box[d];
        }
    }

    public static void Check(InferContext c, int input, in Shape whole, in Shape box)
    {
        bool fits = whole.Rank == box.Rank;
        for (int d = 0; fits && d < whole.Rank; d++)
        {
            fits = box[d] <= whole[d];
        }

        if (!fits || MovementRules.Index(c, input).Shape.Elements != whole.Rank)
        {
            c.Fail($"a box of {box} at {c.Input(input).Shape} indices does not fit into {whole}");
        }
    }

    public long Offset()
    {
        long offset = 0;
        for (int d = 0; d < most.Length; d++)
        {
            long start = index.DType == DType.Int32
                ? index.Pointer<int>()[d]
                : index.Pointer<long>()[d];
            offset += Math.Clamp(start, 0, most[d]) * strides[d];
        }

        return offset;
    }
}
