using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y[…, k, …] = on where k is the index, else off; a new axis of extent depth. Inputs:
/// indices, on, off. Indices outside of [0, depth) give only off.</summary>
public sealed unsafe class OneHot(int depth, int axis) : Op, IOp<OneHot>
{
    public static OpCode Code => OpCode.OneHot;

    public override OpCode OpCode => Code;

    /// <summary>The extent of the new axis.</summary>
    public int Depth => depth;

    /// <summary>Where the new axis stands.</summary>
    public int Axis => axis;

    public static OneHot Read(ref AttributeReader a) =>
        new(a.Int(0, int.MaxValue), a.Int(0, Shape.MaxRank - 1));

    public override void Write(ref AttributeWriter a)
    {
        a.Int(depth);
        a.Int(axis);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 3, outputs: 1);
        Shape index = MovementRules.Index(c, 0).Shape;
        InferInput on = MovementRules.Whole(c, 1);
        MovementRules.Type(c, 2, on.DType);
        MovementRules.Axis(c, axis, index.Rank + 1);
        if (on.Shape.Elements != 1 || c.Input(2).Shape.Elements != 1)
        {
            c.Fail("on and off must be one element each");
        }

        ReadOnlySpan<int> dims = index.Dims;
        c.SetOutput(
            0, on.DType, MovementRules.Shape(c, [.. dims[..axis], depth, .. dims[axis..]]));
    }

    public override Step? Prepare(PrepareContext c) =>
        new HotStep(c.Input(0), c.Input(1), c.Input(2), c.Output(0), depth, axis);

    sealed class HotStep(
        TensorView index, TensorView on, TensorView off, TensorView y, int depth, int axis) : Step
    {
        public override void Run()
        {
            int size = y.DType.Size();
            FillElements.Run(y.Data, y.Elements, off.Data, size);
            int inner = index.Shape.Product(axis, index.Shape.Rank);
            for (int i = 0; i < index.Elements; i++)
            {
                long k = index.DType == DType.Int32
                    ? index.Pointer<int>()[i]
                    : index.Pointer<long>()[i];
                if ((ulong)k < (ulong)depth)
                {
                    long at = ((((long)(i / inner) * depth) + k) * inner) + (i % inner);
                    Buffer.MemoryCopy(on.Data, y.Data + (at * size), size, size);
                }
            }
        }
    }
}
