using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Runs a graph without inputs and outputs in the first run after variables were set to what they
/// are at first: it fills other variables. A Bool variable of one element, false at first,
/// remembers that.
/// </summary>
public sealed class CallOnce(int graph, int doneVariable) : Op, IOp<CallOnce>
{
    public static OpCode Code => OpCode.CallOnce;

    public override OpCode OpCode => Code;

    public int Graph => graph;

    public int DoneVariable => doneVariable;

    public static CallOnce Read(ref AttributeReader a) => new(a.Int(), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(graph);
        a.Int(doneVariable);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 0, outputs: 0);
        Graph called = c.Subgraph(graph);
        if (called.Inputs.Count != 0 || called.Outputs.Count != 0)
        {
            c.Fail($"calls '{called.Name}' with {called.Inputs.Count} inputs and "
                + $"{called.Outputs.Count} outputs, it may have none");
        }

        ControlOps.CheckVariable(c, c.Variable(doneVariable), DType.Bool, new Shape(1));
    }

    public override Step? Prepare(PrepareContext c) =>
        new OnceStep(c.Subgraph(graph), c.Variable(doneVariable));

    sealed unsafe class OnceStep(Subgraph graph, TensorView done) : Step
    {
        public override void Run()
        {
            if (*done.Data == 0)
            {
                *done.Data = 1;
                EndsRun = !graph.Run();
            }
            else
            {
                EndsRun = false;
            }
        }
    }
}
