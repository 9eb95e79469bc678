using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = the one element of x, everywhere.</summary>
public sealed unsafe class ConstantFill(int[] dims) : Op, IOp<ConstantFill>
{
    public static OpCode Code => OpCode.Fill;

    public override OpCode OpCode => Code;

    /// <summary>The extents of the result.</summary>
    public ReadOnlySpan<int> Dims => dims;

    public static ConstantFill Read(ref AttributeReader a) => new(a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a) => a.Ints(dims);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        if (x.Shape.Elements != 1)
        {
            c.Fail($"the value is {x.Shape}, not one element");
        }

        c.SetOutput(0, x.DType, MovementRules.Shape(c, dims));
    }

    public override Step? Prepare(PrepareContext c) => new FillStep(c.Input(0), c.Output(0));

    sealed class FillStep(TensorView x, TensorView y) : Step
    {
        public override void Run() =>
            FillElements.Run(y.Data, y.Elements, x.Data, y.DType.Size());
    }
}

/// <summary>y = real zero, in the shape and type of x.</summary>
public sealed unsafe class ZerosLike : Op, IOp<ZerosLike>
{
    public static OpCode Code => OpCode.ZerosLike;

    public override OpCode OpCode => Code;

    public static ZerosLike Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        c.SetOutput(0, x.DType, x.Shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView y = c.Output(0);
        return new FillThenCopyStep(y, Pad.RealZero(c, y), []);
    }
}
