using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Outputs = inputs, then outputs = body(outputs) as long as condition(outputs), one Bool, is true.
/// Types and shapes stay the same from turn to turn.
/// </summary>
public sealed class While(int conditionGraph, int bodyGraph) : Op, IOp<While>
{
    public static OpCode Code => OpCode.While;

    public override OpCode OpCode => Code;

    public int ConditionGraph => conditionGraph;

    public int BodyGraph => bodyGraph;

    public static While Read(ref AttributeReader a) => new(a.Int(), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(conditionGraph);
        a.Int(bodyGraph);
    }

    public override void Infer(InferContext c)
    {
        Graph condition = c.Subgraph(conditionGraph);
        Graph body = c.Subgraph(bodyGraph);
        ControlOps.CheckInputs(c, condition, first: 0);
        ControlOps.CheckInputs(c, body, first: 0);
        ControlOps.SetOutputs(c, body);
        if (condition.Outputs.Count != 1
            || condition.Values[condition.Outputs[0]] is not { DType: DType.Bool } result
            || result.Shape.Elements != 1)
        {
            c.Fail($"'{condition.Name}' must give one Bool");
        }

        for (int i = 0; i < body.Outputs.Count; i++)
        {
            Value next = body.Values[body.Outputs[i]];
            InferInput first = c.Input(i);
            if (next.DType != first.DType || next.Shape != first.Shape)
            {
                c.Fail($"'{body.Name}' turns input {i} of {first.DType} {first.Shape} into "
                    + $"{next.DType} {next.Shape}");
            }
        }

        if (c.InputCount != c.OutputCount)
        {
            c.Fail($"has {c.InputCount} inputs and {c.OutputCount} outputs, they must be as many");
        }
    }

    public override Step? Prepare(PrepareContext c) =>
        new WhileStep(c, c.Subgraph(conditionGraph), c.Subgraph(bodyGraph));

    // Both graphs use the same memory, so between their runs the state lies in the outputs.
    sealed unsafe class WhileStep(PrepareContext c, Subgraph condition, Subgraph body) : Step
    {
        readonly TensorView[] inputs = ControlOps.Inputs(c, first: 0);
        readonly TensorView[] state = ControlOps.Outputs(c);

        public override void Run()
        {
            ControlOps.Copy(inputs, state);
            EndsRun = false;
            while (true)
            {
                ControlOps.Copy(state, condition.Inputs);
                if (!condition.Run())
                {
                    EndsRun = true;
                    return;
                }

                if (*condition.Outputs[0].Data == 0)
                {
                    return;
                }

                ControlOps.Copy(state, body.Inputs);
                if (!body.Run())
                {
                    EndsRun = true;
                    return;
                }

                ControlOps.Copy(body.Outputs, state);
            }
        }
    }
}
