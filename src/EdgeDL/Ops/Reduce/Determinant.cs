using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = the determinants of the square matrices along the last two axes; fp32, computed in
/// doubles.</summary>
/// <remarks>ONNX operator Det. Gaussian elimination with the largest pivot of each
/// column.</remarks>
public sealed unsafe class Determinant : Op, IOp<Determinant>
{
    public static OpCode Code => OpCode.Determinant;

    public override OpCode OpCode => Code;

    public static Determinant Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (x.DType != DType.Float32 || x.Shape.Rank < 2 || x.Shape[-1] != x.Shape[-2])
        {
            c.Fail($"takes square Float32 matrices, gets {x.DType} {x.Shape}");
        }

        long n = x.Shape[-1];
        c.Scratch(n * n * sizeof(double));
        c.SetOutput(0, DType.Float32, new Shape(x.Shape.Dims[..^2]));
        c.Macs(c.Input(0).Shape.Elements * n / 3);
    }

    public override Step? Prepare(PrepareContext c) =>
        new DeterminantStep(c.Input(0), c.Output(0), (double*)c.ScratchPointer);

    sealed class DeterminantStep(TensorView x, TensorView y, double* a) : Step
    {
        readonly int n = x.Shape[-1];

        public override void Run()
        {
            float* from = x.Pointer<float>();
            for (int i = 0; i < y.Elements; i++)
            {
                for (int k = 0; k < n * n; k++)
                {
                    a[k] = *from++;
                }

                y.Pointer<float>()[i] = (float)Eliminate();
            }
        }

        double Eliminate()
        {
            double product = 1;
            for (int k = 0; k < n; k++)
            {
                int pivot = k;
                for (int i = k + 1; i < n; i++)
                {
                    pivot = Math.Abs(a[(i * n) + k]) > Math.Abs(a[(pivot * n) + k]) ? i : pivot;
                }

                double value = a[(pivot * n) + k];
                if (value == 0)
                {
                    return 0;
                }

                product *= pivot == k ? value : -value;
                for (int j = k; j < n && pivot != k; j++)
                {
                    (a[(k * n) + j], a[(pivot * n) + j]) = (a[(pivot * n) + j], a[(k * n) + j]);
                }

                for (int i = k + 1; i < n; i++)
                {
                    double factor = a[(i * n) + k] / value;
                    for (int j = k + 1; j < n; j++)
                    {
                        a[(i * n) + j] -= factor * a[(k * n) + j];
                    }
                }
            }

            return product;
        }
    }
}
