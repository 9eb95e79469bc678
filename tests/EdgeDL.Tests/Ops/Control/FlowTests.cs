using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Tests.Ops.Control;

public sealed class FlowTests
{
    [Fact]
    public void CallOnce_runs_once_until_the_variables_are_reset()
    {
        var b = new GraphBuilder("main");
        int done = b.Variable("done", DType.Bool, new Shape(1));
        int state = b.Variable("state", DType.Float32, new Shape(2));
        var init = new GraphBuilder(b.Model, "init");
        int seven = init.Constant<float>("sevens", new Shape(2), [7, 7]);
        _ = init.Node(new AssignVariable(state), "assign", [seven], [], []);
        int x = b.Input("x", DType.Float32, new Shape(2));
        _ = b.Node(new CallOnce(1, done), "once", [], [], []);
        b.Output(b.Node(new ReadVariable(state), "before", []));
        _ = b.Node(new AssignVariable(state), "after", [x], [], []);
        using Model model = b.Model;
        using var session = new Session(model);
        foreach (float expected in (float[])[7, 1, 2])
        {
            session.Input(0).AsSpan<float>().Fill(expected == 7 ? 1 : expected + 1);
            session.Run();
            Assert.Equal([expected, expected], session.Output(0).AsSpan<float>().ToArray());
        }

        session.ResetVariables();
        session.Input(0).AsSpan<float>().Fill(5);
        session.Run();
        Assert.Equal([7f, 7f], session.Output(0).AsSpan<float>().ToArray());
    }

    [Fact]
    public void While_turns_until_its_condition_fails()
    {
        // The body takes what a buffer of three slots held longest: it ends after three turns.
        var b = new GraphBuilder("main");
        int buffer = b.Variable("buffer", DType.Bool, new Shape(3));
        int turns = b.Variable("turns", DType.Float32, new Shape(8));
        var condition = new GraphBuilder(b.Model, "condition");
        condition.Output(condition.Input("go", DType.Bool, new Shape(1)));
        condition.Input("n", DType.Float32, new Shape(1));
        var body = new GraphBuilder(b.Model, "body");
        int go = body.Input("go", DType.Bool, new Shape(1));
        int n = body.Input("n", DType.Float32, new Shape(1));
        int no = body.Constant<bool>("no", new Shape(1), [false]);
        int slots = body.Node(new CircularBuffer(buffer), "slots", [no]);
        int history = body.Node(new CircularBuffer(turns), "history", [n]);
        body.Output(body.Node(new ReduceAny(new([0], true)), "any", [slots]));
        body.Output(body.Node(new Sum(new([0], true)), "sum", [history]));
        var fill = new GraphBuilder(b.Model, "fill");
        int yes = fill.Constant<bool>("yes", new Shape(3), [true, true, true]);
        _ = fill.Node(new AssignVariable(buffer), "assign", [yes], [], []);
        int done = b.Variable("done", DType.Bool, new Shape(1));
        int start = b.Input("go", DType.Bool, new Shape(1));
        int one = b.Input("n", DType.Float32, new Shape(1));
        _ = b.Node(new CallOnce(3, done), "once", [], [], []);
        int[] end = b.Node(new While(1, 2), "loop", [start, one], ["go2", "n2"], [null, null]);
        b.Output(end[0]);
        b.Output(end[1]);
        Assert.True(go >= 0);
        using Model model = b.Model;
        using var session = new Session(model);
        session.Input(0).AsSpan<bool>()[0] = true;
        session.Input(1).AsSpan<float>()[0] = 1;
        session.Run();
        Assert.False(session.Output(0).AsSpan<bool>()[0]);
        // Sums of all before: 1, 1 + 1, 1 + 1 + 2.
        Assert.Equal(4, session.Output(1).AsSpan<float>()[0]);
    }

    [Fact]
    public void A_call_with_other_shapes_is_refused()
    {
        var b = new GraphBuilder("main");
        foreach (string name in (string[])["then", "else"])
        {
            var g = new GraphBuilder(b.Model, name);
            g.Output(g.Input("x", DType.Float32, new Shape(2)));
        }

        int condition = b.Input("c", DType.Bool, new Shape(1));
        int x = b.Input("x", DType.Float32, new Shape(3));
        var e = Assert.Throws<InvalidModelException>(
            () => b.Node(new If(1, 2), "if", [condition, x]));
        Assert.Contains("calls 'then' with input 0 of Float32 3", e.Finding);
    }
}
