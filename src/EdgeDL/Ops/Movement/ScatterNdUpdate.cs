using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x, then y[tuple, :] = updates (or joined with what is there) for every tuple of indices, in
/// their order. Inputs: x, indices in [−extent, extent), updates.
/// </summary>
/// <remarks>ONNX operator ScatterND.</remarks>
public sealed unsafe class ScatterNdUpdate(ScatterKind kind) : Op, IOp<ScatterNdUpdate>
{
    public static OpCode Code => OpCode.ScatterNdUpdate;

    public override OpCode OpCode => Code;

    /// <summary>What happens to the values that are there.</summary>
    public ScatterKind Kind => kind;

    public static ScatterNdUpdate Read(ref AttributeReader a) =>
        new((ScatterKind)a.Enum(ScatterKinds.Count));

    public override void Write(ref AttributeWriter a) => a.Byte((byte)kind);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 3, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        Shape index = MovementRules.Index(c, 1).Shape;
        MovementRules.Type(c, 2, x.DType);
        if (index.Rank == 0 || index[-1] > x.Shape.Rank)
        {
            c.Fail($"tuples of {index} can't index {x.Shape}");
        }

        int[] expected = [.. index.Dims[..^1], .. x.Shape.Dims[index[-1]..]];
        if (!c.Input(2).Shape.Dims.SequenceEqual(expected))
        {
            c.Fail($"updates of {c.Input(2).Shape} don't fit tuples {index} into {x.Shape}");
        }

        ScatterKinds.Check(c, kind, x.DType);
        c.SetOutput(0, x.DType, x.Shape);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) =>
        ScatterKinds.Dispatch(c.Input(0).DType, kind, new Maker(c));

    readonly struct Maker(PrepareContext c) : IScatterMaker
    {
        public Step Make<T, TJoin>()
            where T : unmanaged
            where TJoin : struct, IJoin<T>
        {
            TensorView x = c.Input(0);
            TensorView index = c.Input(1);
            var tuples = new IndexTuples(c.Name, index, x.Shape, x.DType.Size());
            int row = x.Shape.Product(index.Shape[-1], x.Shape.Rank);
            return new TupleStep<T, TJoin>(tuples, row, x, c.Input(2), c.Output(0));
        }
    }

    sealed class TupleStep<T, TJoin>(
        IndexTuples tuples, int row, TensorView x, TensorView updates, TensorView y) : Step
        where T : unmanaged
        where TJoin : struct, IJoin<T>
    {
        public override void Run()
        {
            if (x.Data != y.Data)
            {
                Buffer.MemoryCopy(x.Data, y.Data, y.Bytes, x.Bytes);
            }

            for (int i = 0; i < tuples.Count; i++)
            {
                T* to = (T*)(y.Data + tuples.Offset(i));
                T* from = updates.Pointer<T>() + ((long)i * row);
                for (int k = 0; k < row; k++)
                {
                    to[k] = TJoin.Join(to[k], from[k]);
                }
            }
        }
    }
}
