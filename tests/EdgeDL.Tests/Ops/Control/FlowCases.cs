using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Control;

sealed class FlowCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        foreach (bool which in (bool[])[true, false])
        {
            yield return new($"{which}", new If(1, 2), [Bool(1).Of(which ? 1 : 0), F32(2, 3)],
                r => Fill(r, which ? r.In(1).Values : [.. r.In(1).Values.Select(_ => 7.0)]))
            { Before = ThenSameElseSeven };
        }

        // Drops the first number of three until it is false.
        foreach (int turns in (int[])[0, 1, 2, 3])
        {
            double[] bits = [.. Enumerable.Range(0, 4).Select(i => i < turns ? 1.0 : 0)];
            yield return new($"{turns} turns", new While(1, 2), [Bool(4).Of(bits)],
                r => { }) { Before = ShiftWhileFirst };
        }

        yield return new("fills", new CallOnce(1, 0), [], r => { })
        { Variables = [Bool(1), F32(3)], Out = [], Before = AssignSevens, Runs = 2 };
        yield return new("every third", new RunEvery(0, 3), [],
            r => r.Variable(0).Values[0] = (r.Variable(0).Values[0] + 1) % 3)
        { Variables = [I32(1)], Out = [], Runs = 5 };
    }

    static void Fill(OpRun r, double[] values) => values.CopyTo(r.Out(0).Values, 0);

    static void ThenSameElseSeven(GraphBuilder b)
    {
        var same = new GraphBuilder(b.Model, "same");
        same.Output(same.Input("x", DType.Float32, new Shape(2, 3)));
        var seven = new GraphBuilder(b.Model, "seven");
        seven.Input("x", DType.Float32, new Shape(2, 3));
        int all = seven.Constant<float>("sevens", new Shape(2, 3), [7, 7, 7, 7, 7, 7]);
        seven.Output(all);
    }

    static void ShiftWhileFirst(GraphBuilder b)
    {
        // Any of the bits is true; the body sums away the longest run from behind.
        var condition = new GraphBuilder(b.Model, "condition");
        int x = condition.Input("x", DType.Bool, new Shape(4));
        condition.Output(condition.Node(new ReduceAny(new([0], true)), "any", [x]));
        var body = new GraphBuilder(b.Model, "body");
        int y = body.Input("x", DType.Bool, new Shape(4));
        int buffer = b.Model.Variables.Count;
        b.Model.Variables.Add(new Variable("bits", DType.Bool, new Shape(4), null, null));
        int none = body.Constant<bool>("none", new Shape(4), [false, false, false, false]);
        _ = body.Node(new AssignVariable(buffer), "keep", [y], [], []);
        _ = body.Node(new AssignVariable(buffer), "clear", [none], [], []);
        body.Output(body.Node(new ReadVariable(buffer), "next", []));
    }

    static void AssignSevens(GraphBuilder b)
    {
        var init = new GraphBuilder(b.Model, "init");
        int seven = init.Constant<float>("sevens", new Shape(3), [7, 7, 7]);
        _ = init.Node(new AssignVariable(1), "assign", [seven], [], []);
    }
}
