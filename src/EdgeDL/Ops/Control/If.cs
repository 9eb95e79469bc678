using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Outputs = one graph's if input 0 (one Bool) is true, another's if it is false. The other inputs
/// go to the graph that runs; both graphs take and give the same types and shapes.
/// </summary>
public sealed class If(int thenGraph, int elseGraph) : Op, IOp<If>
{
    public static OpCode Code => OpCode.If;

    public override OpCode OpCode => Code;

    public int ThenGraph => thenGraph;

    public int ElseGraph => elseGraph;

    public static If Read(ref AttributeReader a) => new(a.Int(), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(thenGraph);
        a.Int(elseGraph);
    }

    public override void Infer(InferContext c)
    {
        InferInput condition = c.Input(0);
        if (condition.DType != DType.Bool || condition.Shape.Elements != 1)
        {
            c.Fail($"decides by one Bool, gets {condition.DType} {condition.Shape}");
        }

        foreach (int index in (ReadOnlySpan<int>)[thenGraph, elseGraph])
        {
            Graph graph = c.Subgraph(index);
            ControlOps.CheckInputs(c, graph, first: 1);
            ControlOps.SetOutputs(c, graph);
        }
    }

    public override Step? Prepare(PrepareContext c) =>
        new IfStep(c, c.Subgraph(thenGraph), c.Subgraph(elseGraph));

    sealed unsafe class IfStep(PrepareContext c, Subgraph whenTrue, Subgraph whenFalse) : Step
    {
        readonly byte* condition = c.Input(0).Data;
        readonly TensorView[] inputs = ControlOps.Inputs(c, first: 1);
        readonly TensorView[] outputs = ControlOps.Outputs(c);

        public override void Run()
        {
            Subgraph graph = *condition != 0 ? whenTrue : whenFalse;
            ControlOps.Copy(inputs, graph.Inputs);
            EndsRun = !graph.Run();
            ControlOps.Copy(graph.Outputs, outputs);
        }
    }
}
