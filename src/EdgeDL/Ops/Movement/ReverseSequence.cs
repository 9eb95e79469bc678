using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = x with the first length[b] steps of every batch b turned round, the rest as they
/// are; lengths are the second input.</summary>
public sealed unsafe class ReverseSequence(int sequenceAxis, int batchAxis)
    : Op, IOp<ReverseSequence>
{
    public static OpCode Code => OpCode.ReverseSequence;

    public override OpCode OpCode => Code;

    /// <summary>The axis that is turned round.</summary>
    public int SequenceAxis => sequenceAxis;

    /// <summary>The axis that the lengths belong to.</summary>
    public int BatchAxis => batchAxis;

    public static ReverseSequence Read(ref AttributeReader a) =>
        new(a.Int(0, Shape.MaxRank - 1), a.Int(0, Shape.MaxRank - 1));

    public override void Write(ref AttributeWriter a)
    {
        a.Int(sequenceAxis);
        a.Int(batchAxis);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        MovementRules.Axis(c, sequenceAxis, x.Shape.Rank);
        MovementRules.Axis(c, batchAxis, x.Shape.Rank);
        if (sequenceAxis == batchAxis
            || MovementRules.Index(c, 1).Shape.Elements != x.Shape[batchAxis])
        {
            c.Fail($"{c.Input(1).Shape} lengths don't fit axis {batchAxis} of {x.Shape}");
        }

        c.SetOutput(0, x.DType, x.Shape);
    }

    public override Step? Prepare(PrepareContext c) =>
        new TurnStep(c.Name, c.Input(0), c.Input(1), c.Output(0), sequenceAxis, batchAxis);

    // Blocks of bytes behind the later of the two axes move whole.
    sealed class TurnStep(
        string name, TensorView x, TensorView lengths, TensorView y, int sequence, int batch) : Step
    {
        readonly int low = Math.Min(sequence, batch);
        readonly int high = Math.Max(sequence, batch);

        public override void Run()
        {
            Shape s = x.Shape;
            long block = s.Product(high + 1, s.Rank) * (long)x.DType.Size();
            int between = s.Product(low + 1, high);
            int outer = s.Product(0, low);
            for (int o = 0; o < outer; o++)
            {
                for (int i = 0; i < s[low]; i++)
                {
                    for (int m = 0; m < between; m++)
                    {
                        for (int j = 0; j < s[high]; j++)
                        {
                            bool first = sequence == low;
                            int from = Source(first ? i : j, first ? j : i);
                            long at = Offset(o, first ? from : i, m, first ? j : from, between);
                            Buffer.MemoryCopy(
                                x.Data + (at * block),
                                y.Data + (Offset(o, i, m, j, between) * block), block, block);
                        }
                    }
                }
            }
        }

        long Offset(int o, int i, int m, int j, int between) =>
            ((((((long)o * x.Shape[low]) + i) * between) + m) * x.Shape[high]) + j;

        int Source(int step, int b)
        {
            long length = lengths.DType == DType.Int32
                ? lengths.Pointer<int>()[b]
                : lengths.Pointer<long>()[b];
            if (length < 0 || length > x.Shape[sequence])
            {
                DataRangeException.Throw(
                    name, $"lengths lie in [0, {x.Shape[sequence]}]", length);
            }

            return step < length ? (int)length - 1 - step : step;
        }
    }
}
