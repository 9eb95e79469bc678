using EdgeDL.Execution;

namespace EdgeDL.Ops;

/// <summary>A variable holds x from now on, until it is assigned again; no outputs.</summary>
public sealed class AssignVariable(int variable) : Op, IOp<AssignVariable>
{
    public static OpCode Code => OpCode.AssignVariable;

    public override OpCode OpCode => Code;

    /// <summary>The variable's id.</summary>
    public int Variable => variable;

    public static AssignVariable Read(ref AttributeReader a) => new(a.Int());

    public override void Write(ref AttributeWriter a) => a.Int(variable);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 0);
        InferInput x = c.Input(0);
        ControlOps.CheckVariable(c, c.Variable(variable), x.DType, x.Shape);
    }

    public override Step? Prepare(PrepareContext c) =>
        new CopyVariableStep(c.Input(0), c.Variable(variable));
}
