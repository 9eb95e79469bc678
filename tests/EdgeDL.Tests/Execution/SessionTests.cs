using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Tests.Execution;

public sealed class SessionTests
{
    static Model TwoReshapes()
    {
        var b = new GraphBuilder("main");
        int x = b.Input("x", DType.Float32, new Shape(2, 3));
        int y = b.Node(new Reshape([3, 2]), "r1", [x]);
        int z = b.Node(new Reshape([6]), "r2", [y]);
        b.Output(z);
        return b.Model;
    }

    [Fact]
    public void A_view_is_its_input_s_memory_and_runs_nothing()
    {
        using Model model = TwoReshapes();
        using var session = new Session(model);
        float[] data = [1, 2, 3, 4, 5, 6];
        data.CopyTo(session.Input(0).AsSpan<float>());
        session.Run();
        Assert.Equal(data, session.Output(0).AsSpan<float>().ToArray());
        Assert.Equal(64, session.Memory.ArenaBytes);
    }

    [Fact]
    public void A_file_gives_the_model_that_was_written()
    {
        using Model model = TwoReshapes();
        model.Labels.AddRange(["a", "b"]);
        model.Metadata["name"] = "two reshapes";
        model.Preprocessing.Add(new Preprocessing { Kind = InputKind.Image, Mean = 127.5f });
        byte[] bytes = model.ToBytes();
        using Model read = Model.Load(bytes, OpSet.All);
        Assert.Equal(bytes, read.ToBytes());
        Assert.Equal(["a", "b"], read.Labels);
        Assert.Equal(model.Preprocessing, read.Preprocessing);
        Assert.Equal("two reshapes", read.Metadata["name"]);
    }

    [Fact]
    public void A_view_of_a_constant_is_copied()
    {
        var b = new GraphBuilder("main");
        int c = b.Constant<int>("c", new Shape(4), [1, 2, 3, 4]);
        b.Output(b.Node(new Reshape([2, 2]), "r", [c]));
        using var session = new Session(b.Model);
        session.Run();
        Assert.Equal([1, 2, 3, 4], session.Output(0).AsSpan<int>().ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_the_node_s_name()
    {
        var b = new GraphBuilder("main");
        int x = b.Input("x", DType.Float32, new Shape(2, 3));
        var e = Assert.Throws<InvalidModelException>(() => b.Node(new Reshape([7]), "bad", [x]));
        Assert.Contains("'bad' (Reshape)", e.Place);
        Assert.Contains("6 elements can't become 7", e.Finding);
    }

    [Fact]
    public void A_budget_below_the_need_is_refused_before_memory_is_taken()
    {
        using Model model = TwoReshapes();
        var e = Assert.Throws<MemoryBudgetException>(
            () => new Session(model, new SessionOptions { MemoryBudgetBytes = 10 }));
        Assert.Equal(64, e.NeededBytes);
    }

    [Fact]
    public void An_op_outside_the_set_says_how_to_add_it()
    {
        using Model model = TwoReshapes();
        byte[] bytes = model.ToBytes();
        var e = Assert.Throws<InvalidModelException>(() => Model.Load(bytes, new OpSet()));
        Assert.Contains(".Add<Reshape>()", e.Remedy);
    }
}
