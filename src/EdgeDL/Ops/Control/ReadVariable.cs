using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = what a variable holds now; a later assignment does not change y.</summary>
public sealed class ReadVariable(int variable) : Op, IOp<ReadVariable>
{
    public static OpCode Code => OpCode.ReadVariable;

    public override OpCode OpCode => Code;

    /// <summary>The variable's id.</summary>
    public int Variable => variable;

    public static ReadVariable Read(ref AttributeReader a) => new(a.Int());

    public override void Write(ref AttributeWriter a) => a.Int(variable);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 0, outputs: 1);
        Variable from = c.Variable(variable);
        c.SetOutput(0, from.DType, from.Shape);
    }

    public override Step? Prepare(PrepareContext c) =>
        new CopyVariableStep(c.Variable(variable), c.Output(0));
}

/// <summary>Copies between a variable and a tensor.</summary>
sealed class CopyVariableStep(TensorView from, TensorView to) : Step
{
    public override void Run() => ControlOps.Copy(from, to);
}
