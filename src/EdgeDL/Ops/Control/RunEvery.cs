using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Lets every n-th run pass and ends all others: streaming models with strides run the nodes
/// behind it once for several pieces of new input. An Int32 variable of one element, 0 at first,
/// counts the runs.
/// </summary>
public sealed class RunEvery(int counterVariable, int every) : Op, IOp<RunEvery>
{
    public static OpCode Code => OpCode.RunEvery;

    public override OpCode OpCode => Code;

    public int CounterVariable => counterVariable;

    /// <summary>Runs from one that passes to the next, at least 1.</summary>
    public int Every => every;

    public static RunEvery Read(ref AttributeReader a) => new(a.Int(), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(counterVariable);
        a.Int(every);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 0, outputs: 0);
        ControlOps.CheckVariable(c, c.Variable(counterVariable), DType.Int32, new Shape(1));
        if (every < 1)
        {
            c.Fail($"passes every {every}th run, it must be at least every 1st");
        }
    }

    public override Step? Prepare(PrepareContext c) =>
        new GateStep(c.Variable(counterVariable), every);

    sealed unsafe class GateStep(TensorView counter, int every) : Step
    {
        readonly int* runs = (int*)counter.Data;

        public override void Run()
        {
            // Other nodes may write the variable: no value of it may count for ever.
            bool passes = (uint)*runs >= (uint)every - 1;
            *runs = passes ? 0 : *runs + 1;
            EndsRun = !passes;
        }
    }
}
