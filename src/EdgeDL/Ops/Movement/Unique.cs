using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// The different values of a list in the order they first stand in it. Outputs: values (as many
/// places as x has, those past the count zero), for each element of x the place of its value
/// (int32 or int64), and the count (int32): shapes don't change here.
/// </summary>
public sealed unsafe class Unique(bool wideIndex) : Op, IOp<Unique>
{
    public static OpCode Code => OpCode.Unique;

    public override OpCode OpCode => Code;

    /// <summary>True if places are int64.</summary>
    public bool WideIndex => wideIndex;

    public static Unique Read(ref AttributeReader a) => new(a.Bool());

    public override void Write(ref AttributeWriter a) => a.Bool(wideIndex);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 3);
        InferInput x = MovementRules.Whole(c, 0);
        if (x.Shape.Rank != 1)
        {
            c.Fail($"takes a list, not {x.Shape}");
        }

        c.SetOutput(0, x.DType, x.Shape);
        c.SetOutput(1, wideIndex ? DType.Int64 : DType.Int32, x.Shape);
        c.SetOutput(2, DType.Int32, Shape.Scalar);
    }

    public override Step? Prepare(PrepareContext c) =>
        new UniqueStep(c.Input(0), c.Output(0), c.Output(1), c.Output(2));

    sealed class UniqueStep(TensorView x, TensorView y, TensorView place, TensorView count) : Step
    {
        public override void Run()
        {
            int size = x.DType.Size();
            int found = 0;
            y.AsBytes().Clear();
            for (int i = 0; i < x.Elements; i++)
            {
                var value = new ReadOnlySpan<byte>(x.Data + ((long)i * size), size);
                int at = 0;
                while (at < found
                    && !value.SequenceEqual(new(y.Data + ((long)at * size), size)))
                {
                    at++;
                }

                if (at == found)
                {
                    value.CopyTo(new Span<byte>(y.Data + ((long)found++ * size), size));
                }

                if (place.DType == DType.Int64)
                {
                    place.Pointer<long>()[i] = at;
                }
                else
                {
                    place.Pointer<int>()[i] = at;
                }
            }

            count.AsSpan<int>()[0] = found;
        }
    }
}
