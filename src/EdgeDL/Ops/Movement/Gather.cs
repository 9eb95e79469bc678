using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x[…, index, …] along an axis; the first batchDims axes of x and of the indices run
/// together. Indices are int32 or int64, in [−extent, extent): negative ones count from the end.
/// </summary>
public sealed unsafe class Gather(int axis, int batchDims) : Op, IOp<Gather>
{
    public static OpCode Code => OpCode.Gather;

    public override OpCode OpCode => Code;

    /// <summary>The axis that is indexed.</summary>
    public int Axis => axis;

    /// <summary>Leading axes that x and the indices share.</summary>
    public int BatchDims => batchDims;

    public static Gather Read(ref AttributeReader a) =>
        new(a.Int(0, Shape.MaxRank - 1), a.Int(0, Shape.MaxRank - 1));

    public override void Write(ref AttributeWriter a)
    {
        a.Int(axis);
        a.Int(batchDims);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        InferInput index = MovementRules.Index(c, 1);
        MovementRules.Axis(c, axis, x.Shape.Rank);
        if (batchDims < 0 || batchDims > axis || batchDims > index.Shape.Rank
            || !x.Shape.Dims[..batchDims].SequenceEqual(index.Shape.Dims[..batchDims]))
        {
            c.Fail($"{x.Shape} and indices {index.Shape} don't share {batchDims} leading axes");
        }

        ReadOnlySpan<int> dims = x.Shape.Dims;
        ReadOnlySpan<int> indices = index.Shape.Dims;
        int[] result = [.. dims[..axis], .. indices[batchDims..], .. dims[(axis + 1)..]];
        c.SetOutput(0, x.DType, MovementRules.Shape(c, result));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView index = c.Input(1);
        return new GatherStep(
            c.Name, x, index, c.Output(0), axis,
            batches: x.Shape.Product(0, batchDims),
            outer: x.Shape.Product(batchDims, axis),
            count: index.Shape.Product(batchDims, index.Shape.Rank));
    }

    internal sealed class GatherStep(
        string name, TensorView x, TensorView index, TensorView y, int axis, int batches, int outer,
        int count) : Step
    {
        readonly int rows = x.Shape[axis];
        readonly long rowBytes =
            x.Shape.Product(axis + 1, x.Shape.Rank) * (long)x.DType.Size();

        public override void Run()
        {
            byte* to = y.Data;
            byte* from = x.Data;
            int size = index.DType.Size();
            for (int b = 0; b < batches; b++)
            {
                byte* indices = index.Data + ((long)b * count * size);
                int bad = size == 4
                    ? GatherRows.Run(from, outer, rows, rowBytes, (int*)indices, count, to)
                    : GatherRows.Run(from, outer, rows, rowBytes, (long*)indices, count, to);
                if (bad >= 0)
                {
                    long found = size == 4 ? ((int*)indices)[bad] : ((long*)indices)[bad];
                    DataRangeException.Throw(name, $"indices lie in [{-rows}, {rows})", found);
                }

                from += outer * rows * rowBytes;
                to += outer * count * rowBytes;
            }
        }
    }
}
