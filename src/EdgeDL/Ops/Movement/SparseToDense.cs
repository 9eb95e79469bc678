using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = default, then y[tuple] = value for every tuple of indices. Inputs: indices (a
/// scalar, a list or a matrix of tuples), values (one, or one a tuple), default.</summary>
public sealed unsafe class SparseToDense(int[] dims) : Op, IOp<SparseToDense>
{
    public static OpCode Code => OpCode.SparseToDense;

    public override OpCode OpCode => Code;

    /// <summary>The extents of the result.</summary>
    public ReadOnlySpan<int> Dims => dims;

    public static SparseToDense Read(ref AttributeReader a) => new(a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a) => a.Ints(dims);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 3, outputs: 1);
        Shape index = MovementRules.Index(c, 0).Shape;
        InferInput values = MovementRules.Whole(c, 1);
        MovementRules.Type(c, 2, values.DType);
        Shape shape = MovementRules.Shape(c, dims);
        int depth = index.Rank < 2 ? 1 : index[1];
        int count = index.Rank == 0 ? 1 : index[0];
        if (index.Rank > 2 || depth != shape.Rank)
        {
            c.Fail($"indices {index} are not tuples into {shape}");
        }

        bool one = values.Shape.Rank == 0;
        if ((!one && values.Shape.Elements != count) || c.Input(2).Shape.Elements != 1)
        {
            c.Fail($"{values.Shape} values don't fit {count} indices, or the default is no scalar");
        }

        c.SetOutput(0, values.DType, shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView y = c.Output(0);
        TensorView index = c.Input(0);
        int depth = y.Shape.Rank;
        TensorView tuples = new(
            index.Data, index.DType, new Shape(depth == 0 ? 0 : index.Elements / depth, depth),
            null, index.Name);
        return new DenseStep(
            new IndexTuples(c.Name, tuples, y.Shape, y.DType.Size()), c.Input(1), c.Input(2), y);
    }

    sealed class DenseStep(
        IndexTuples tuples, TensorView values, TensorView otherwise, TensorView y) : Step
    {
        public override void Run()
        {
            int size = y.DType.Size();
            FillElements.Run(y.Data, y.Elements, otherwise.Data, size);
            long step = values.Shape.Rank == 0 ? 0 : size;
            for (int i = 0; i < tuples.Count; i++)
            {
                Buffer.MemoryCopy(
                    values.Data + (i * step), y.Data + tuples.Offset(i), size, size);
            }
        }
    }
}
