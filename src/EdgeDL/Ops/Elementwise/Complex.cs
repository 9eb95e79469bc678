using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = the real part of x.</summary>
public sealed class Real : ComplexPart<Real, ComplexParts.Real>, IOp<Real>
{
    public static OpCode Code => OpCode.Real;

    public static Real Read(ref AttributeReader a) => new();
}

/// <summary>y = the imaginary part of x.</summary>
public sealed class Imag : ComplexPart<Imag, ComplexParts.Imag>, IOp<Imag>
{
    public static OpCode Code => OpCode.Imag;

    public static Imag Read(ref AttributeReader a) => new();
}

/// <summary>y = |x|</summary>
public sealed class ComplexAbs : ComplexPart<ComplexAbs, ComplexParts.Abs>, IOp<ComplexAbs>
{
    public static OpCode Code => OpCode.ComplexAbs;

    public static ComplexAbs Read(ref AttributeReader a) => new();
}

/// <summary>One number from the two of a complex one.</summary>
public interface IComplexPart
{
    float Apply(float real, float imaginary);
}

/// <summary>The parts.</summary>
public static class ComplexParts
{
    public readonly struct Real : IComplexPart
    {
        public float Apply(float real, float imaginary) => real;
    }

    public readonly struct Imag : IComplexPart
    {
        public float Apply(float real, float imaginary) => imaginary;
    }

    public readonly struct Abs : IComplexPart
    {
        // In double neither square can overflow.
        public float Apply(float real, float imaginary)
            => (float)Math.Sqrt(((double)real * real) + ((double)imaginary * imaginary));
    }
}

/// <summary>y = fn(x): complex numbers in, fp32 out.</summary>
public abstract class ComplexPart<TSelf, TFn> : Op
    where TSelf : Op, IOp<TSelf>
    where TFn : struct, IComplexPart
{
    public sealed override OpCode OpCode => TSelf.Code;

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (x.DType != DType.Complex64)
        {
            c.Fail($"takes Complex64, gets {x.DType}");
        }

        c.SetOutput(0, DType.Float32, x.Shape);
    }

    public override Step? Prepare(PrepareContext c)
        => new PartStep(c.Workers, c.Input(0), c.Output(0));

    sealed unsafe class PartStep(Workers workers, TensorView x, TensorView y)
        : ElementsStep(workers, y.Elements)
    {
        readonly float* from = (float*)x.Data;
        readonly float* to = y.Pointer<float>();

        protected override void Elements(int begin, int count)
        {
            for (int i = begin; i < begin + count; i++)
            {
                to[i] = default(TFn).Apply(from[2 * (long)i], from[(2 * (long)i) + 1]);
            }
        }
    }
}
