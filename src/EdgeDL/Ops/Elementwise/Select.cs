using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = condition ? a : b, element by element, with broadcasting.</summary>
public sealed class Select : Op, IOp<Select>
{
    public static OpCode Code => OpCode.Select;

    public override OpCode OpCode => Code;

    public static Select Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 3, outputs: 1);
        InferInput condition = c.Input(0);
        InferInput a = c.Input(1);
        InferInput b = c.Input(2);
        if (condition.DType != DType.Bool)
        {
            c.Fail($"the condition is Bool, gets {condition.DType}");
        }

        BinaryChecks.SameType(c, a, b);
        if (a.DType == DType.Int4)
        {
            c.Fail("can't choose between packed Int4 values");
        }

        Shape shape = Broadcast.Infer(
            c, condition.Shape, Broadcast.Infer(c, a.Shape, b.Shape));
        c.SetOutput(0, a.DType, shape);
    }

    public override Step? Prepare(PrepareContext c) => c.Output(0).DType.Size() switch
    {
        1 => new SelectStep<byte>(c),
        2 => new SelectStep<ushort>(c),
        4 => new SelectStep<uint>(c),
        _ => new SelectStep<ulong>(c),
    };

    sealed unsafe class SelectStep<T>(PrepareContext c) : BroadcastStep(
        c.Workers,
        new Broadcast(c.Output(0).Shape, c.Input(0).Shape, c.Input(1).Shape, c.Input(2).Shape))
        where T : unmanaged
    {
        readonly byte* condition = c.Input(0).Data;
        readonly T* left = c.Input(1).Pointer<T>();
        readonly T* right = c.Input(2).Pointer<T>();
        readonly T* to = c.Output(0).Pointer<T>();

        protected override void Compute(Part a, Part b, Part c, Part y)
            => Kernels.Elementwise.Select.Run<T>(
                new(condition + a.Begin, a.Count),
                new(left + b.Begin, b.Count),
                new(right + c.Begin, c.Count),
                new(to + y.Begin, y.Count));
    }
}
