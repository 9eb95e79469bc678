using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// The indices of all elements that are not zero, in order. Outputs: indices (int64, one row an
/// element of x, rows past the count are −1) and their count (int32): shapes don't change here.
/// </summary>
public sealed unsafe class Where : Op, IOp<Where>
{
    public static OpCode Code => OpCode.Where;

    public override OpCode OpCode => Code;

    public static Where Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 2);
        InferInput x = MovementRules.Whole(c, 0);
        if (x.DType is DType.Float16 or DType.BFloat16 or DType.Complex64)
        {
            c.Fail($"can't tell zeros of {x.DType}");
        }

        c.SetOutput(
            0, DType.Int64, MovementRules.Shape(c, [x.Shape.Elements, x.Shape.Rank]));
        c.SetOutput(1, DType.Int32, Shape.Scalar);
    }

    public override Step? Prepare(PrepareContext c) =>
        new WhereStep(c.Input(0), c.Output(0), c.Output(1));

    sealed class WhereStep(TensorView x, TensorView y, TensorView count) : Step
    {
        public override void Run()
        {
            int rank = x.Shape.Rank;
            int found = 0;
            long* to = y.Pointer<long>();
            for (int i = 0; i < x.Elements; i++)
            {
                if (!IsZero(i))
                {
                    int rest = i;
                    for (int d = rank - 1; d >= 0; d--)
                    {
                        to[((long)found * rank) + d] = rest % x.Shape[d];
                        rest /= x.Shape[d];
                    }

                    found++;
                }
            }

            y.AsSpan<long>()[(found * rank)..].Fill(-1);
            count.AsSpan<int>()[0] = found;
        }

        // −0 is zero too.
        bool IsZero(int i) => x.DType switch
        {
            DType.Float32 => x.Pointer<float>()[i] == 0,
            DType.Float64 => x.Pointer<double>()[i] == 0,
            _ => x.DType.Size() switch
            {
                1 => x.Data[i] == 0,
                2 => x.Pointer<short>()[i] == 0,
                4 => x.Pointer<int>()[i] == 0,
                _ => x.Pointer<long>()[i] == 0,
            },
        };
    }
}
