using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = how many boundaries are at most x: int32.</summary>
public sealed unsafe class Bucketize(float[] boundaries) : Op, IOp<Bucketize>
{
    public static OpCode Code => OpCode.Bucketize;

    public override OpCode OpCode => Code;

    /// <summary>Rising.</summary>
    public ReadOnlySpan<float> Boundaries => boundaries;

    public static Bucketize Read(ref AttributeReader a) => new(a.Floats());

    public override void Write(ref AttributeWriter a) => a.Floats(boundaries);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (x.DType is not (DType.Float32 or DType.Float64 or DType.Int32 or DType.Int64))
        {
            c.Fail($"takes Float32, Float64, Int32 or Int64, not {x.DType}");
        }

        for (int i = 1; i < boundaries.Length; i++)
        {
            if (!(boundaries[i] >= boundaries[i - 1]))
            {
                c.Fail($"boundary {boundaries[i]} stands after {boundaries[i - 1]}");
            }
        }

        c.SetOutput(0, DType.Int32, x.Shape);
    }

    public override Step? Prepare(PrepareContext c) =>
        new BucketStep(c.Input(0), boundaries, c.Output(0));

    sealed class BucketStep(TensorView x, float[] boundaries, TensorView y) : Step
    {
        public override void Run()
        {
            int* to = y.Pointer<int>();
            for (int i = 0; i < x.Elements; i++)
            {
                double value = x.DType switch
                {
                    DType.Float32 => x.Pointer<float>()[i],
                    DType.Float64 => x.Pointer<double>()[i],
                    DType.Int32 => x.Pointer<int>()[i],
                    _ => x.Pointer<long>()[i],
                };
                int low = 0;
                int high = boundaries.Length;
                while (low < high)
                {
                    int middle = (low + high) / 2;
                    if (value >= boundaries[middle])
                    {
                        low = middle + 1;
                    }
                    else
                    {
                        high = middle;
                    }
                }

                to[i] = low;
            }
        }
    }
}
