using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y[i] = start + i · delta for i below count; start and delta are the inputs.</summary>
public sealed unsafe class NumberRange(int count) : Op, IOp<NumberRange>
{
    public static OpCode Code => OpCode.Range;

    public override OpCode OpCode => Code;

    /// <summary>How many numbers come out.</summary>
    public int Count => count;

    public static NumberRange Read(ref AttributeReader a) => new(a.Int(0, int.MaxValue));

    public override void Write(ref AttributeWriter a) => a.Int(count);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        DType type = c.Input(0).DType;
        MovementRules.Type(c, 1, type);
        if (type is not (DType.Float32 or DType.Int32 or DType.Int64)
            || c.Input(0).Shape.Elements != 1 || c.Input(1).Shape.Elements != 1)
        {
            c.Fail($"start and delta must be one Float32, Int32 or Int64 each, not {type}");
        }

        c.SetOutput(0, type, MovementRules.Shape(c, [count]));
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Float32 => new RangeStep<float>(c.Input(0), c.Input(1), c.Output(0)),
        DType.Int32 => new RangeStep<int>(c.Input(0), c.Input(1), c.Output(0)),
        _ => new RangeStep<long>(c.Input(0), c.Input(1), c.Output(0)),
    };

    sealed class RangeStep<T>(TensorView start, TensorView delta, TensorView y) : Step
        where T : unmanaged, INumber<T>
    {
        public override void Run()
        {
            T value = *start.Pointer<T>();
            T* to = y.Pointer<T>();
            for (int i = 0; i < y.Elements; i++)
            {
                to[i] = value;
                value += *delta.Pointer<T>();
            }
        }
    }
}
