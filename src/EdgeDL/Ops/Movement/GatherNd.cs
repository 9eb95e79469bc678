using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y[…] = x[tuple, :] for every tuple of indices along the last axis of the second
/// input.</summary>
public sealed unsafe class GatherNd : Op, IOp<GatherNd>
{
    public static OpCode Code => OpCode.GatherNd;

    public override OpCode OpCode => Code;

    public static GatherNd Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        Shape index = MovementRules.Index(c, 1).Shape;
        if (index.Rank == 0 || index[-1] > x.Shape.Rank)
        {
            c.Fail($"tuples of {index} can't index {x.Shape}");
        }

        int[] dims = [.. index.Dims[..^1], .. x.Shape.Dims[index[-1]..]];
        c.SetOutput(0, x.DType, MovementRules.Shape(c, dims));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView index = c.Input(1);
        long row = x.Shape.Product(index.Shape[-1], x.Shape.Rank) * (long)x.DType.Size();
        var tuples = new IndexTuples(c.Name, index, x.Shape, x.DType.Size());
        return new GatherStep(tuples, x, row, c.Output(0));
    }

    sealed class GatherStep(IndexTuples tuples, TensorView x, long row, TensorView y) : Step
    {
        public override void Run()
        {
            for (int i = 0; i < tuples.Count; i++)
            {
                Buffer.MemoryCopy(x.Data + tuples.Offset(i), y.Data + (i * row), row, row);
            }
        }
    }
}
