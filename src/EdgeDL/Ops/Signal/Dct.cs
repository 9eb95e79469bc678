using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[t, k] = √(2/N) Σ x[t, n] cos(πk(n + ½)/N), k below the number of outputs: the DCT-II of every
/// row; fp32, summed in fp64.
/// </summary>
public sealed unsafe class Dct(int outputs) : Op, IOp<Dct>
{
    const int Most = 4096;

    public static OpCode Code => OpCode.Dct;

    public override OpCode OpCode => Code;

    /// <summary>How many coefficients come out.</summary>
    public int Outputs => outputs;

    public static Dct Read(ref AttributeReader a) => new(a.Int(1, Most));

    public override void Write(ref AttributeWriter a) => a.Int(outputs);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        MovementRules.Type(c, 0, DType.Float32);
        Shape x = c.Input(0).Shape;
        if (x.Rank == 0 || x[-1] < outputs || x[-1] > Most)
        {
            c.Fail($"rows of {x} have fewer than {outputs} or more than {Most} numbers");
        }

        c.SetOutput(0, DType.Float32, MovementRules.Shape(c, [.. x.Dims[..^1], outputs]));
        c.Macs((long)x.Elements * outputs);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        int inputs = x.Shape[-1];
        double* table = c.Pack<double>((long)inputs * outputs);
        SignalTables.Dct2(new Span<double>(table, inputs * outputs), inputs, outputs);
        return new DctStep(x, table, c.Output(0));
    }

    sealed class DctStep(TensorView x, double* table, TensorView y) : Step
    {
        public override void Run()
        {
            int rows = x.Shape.Product(0, x.Shape.Rank - 1);
            int inputs = x.Shape[-1];
            int outputs = y.Shape[-1];
            for (int t = 0; t < rows; t++)
            {
                float* from = x.Pointer<float>() + ((long)t * inputs);
                float* to = y.Pointer<float>() + ((long)t * outputs);
                for (int k = 0; k < outputs; k++)
                {
                    // cos is even or odd about the middle, so mirrored inputs share a product.
                    double sign = (k & 1) == 0 ? 1 : -1;
                    double sum = 0;
                    for (int n = 0; n < inputs / 2; n++)
                    {
                        double pair = from[n] + (sign * from[inputs - 1 - n]);
                        sum += pair * table[((long)n * outputs) + k];
                    }

                    if (inputs % 2 != 0)
                    {
                        int middle = inputs / 2;
                        sum += from[middle] * table[((long)middle * outputs) + k];
                    }

                    to[k] = (float)sum;
                }
            }
        }
    }
}
