using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = 0, then y[tuple, :] += updates for every tuple of indices. Inputs: indices,
/// updates.</summary>
public sealed unsafe class ScatterNd(int[] dims) : Op, IOp<ScatterNd>
{
    public static OpCode Code => OpCode.ScatterNd;

    public override OpCode OpCode => Code;

    /// <summary>The extents of the result.</summary>
    public ReadOnlySpan<int> Dims => dims;

    public static ScatterNd Read(ref AttributeReader a) => new(a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a) => a.Ints(dims);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        Shape index = MovementRules.Index(c, 0).Shape;
        InferInput updates = MovementRules.Whole(c, 1);
        Shape shape = MovementRules.Shape(c, dims);
        if (index.Rank == 0 || index[-1] > shape.Rank)
        {
            c.Fail($"tuples of {index} can't index {shape}");
        }

        ReadOnlySpan<int> rows = index.Dims[..^1];
        int[] expected = [.. rows, .. shape.Dims[index[-1]..]];
        if (!updates.Shape.Dims.SequenceEqual(expected))
        {
            c.Fail($"updates of {updates.Shape} don't fit tuples {index} into {shape}");
        }

        if (updates.DType is not (DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16
            or DType.Int32 or DType.Int64))
        {
            c.Fail($"can't add {updates.DType}");
        }

        c.SetOutput(0, updates.DType, shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView y = c.Output(0);
        TensorView index = c.Input(0);
        int row = y.Shape.Product(index.Shape[-1], y.Shape.Rank);
        var tuples = new IndexTuples(c.Name, index, y.Shape, y.DType.Size());
        TensorView updates = c.Input(1);
        return y.DType switch
        {
            DType.Float32 => new ScatterStep<float>(tuples, updates, row, y),
            DType.Int8 => new ScatterStep<sbyte>(tuples, updates, row, y),
            DType.UInt8 => new ScatterStep<byte>(tuples, updates, row, y),
            DType.Int16 => new ScatterStep<short>(tuples, updates, row, y),
            DType.Int32 => new ScatterStep<int>(tuples, updates, row, y),
            _ => new ScatterStep<long>(tuples, updates, row, y),
        };
    }

    sealed class ScatterStep<T>(IndexTuples tuples, TensorView updates, int row, TensorView y)
        : Step
        where T : unmanaged, INumber<T>
    {
        public override void Run()
        {
            y.AsBytes().Clear();
            for (int i = 0; i < tuples.Count; i++)
            {
                T* to = (T*)(y.Data + tuples.Offset(i));
                T* from = updates.Pointer<T>() + ((long)i * row);
                for (int k = 0; k < row; k++)
                {
                    to[k] += from[k];
                }
            }
        }
    }
}
