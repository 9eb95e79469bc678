using EdgeDL.Execution;

namespace EdgeDL.Ops;

/// <summary>y = x. Takes no time: y is x's memory.</summary>
public sealed class Identity : Op, IOp<Identity>
{
    public static OpCode Code => OpCode.Identity;

    public override OpCode OpCode => Code;

    public static Identity Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        c.SetOutput(0, x.DType, x.Shape);
        c.View(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) => CopyStep.Unless(c.Input(0), c.Output(0));
}
