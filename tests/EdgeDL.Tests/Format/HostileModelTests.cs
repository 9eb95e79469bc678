using System.Diagnostics;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Tests.Format;

/// <summary>
/// Models that are valid piece by piece and still must not hang or exhaust a device.
/// </summary>
public sealed class HostileModelTests
{
    // A second is the promise; a loaded build machine under a debug build gets some slack.
    static readonly TimeSpan mostTime = TimeSpan.FromSeconds(5);

    [Fact]
    public void Calls_that_double_at_every_level_are_refused()
    {
        var e = Assert.Throws<InvalidModelException>(() => MemoryPlan.Make(Doubling(40)));
        Assert.Contains("expand", e.Finding);
    }

    [Fact]
    public void Calls_that_double_a_few_times_are_fine()
    {
        using var session = new Session(Doubling(8));
        session.Run();
    }

    [Fact]
    public void A_long_chain_loads_in_time()
    {
        byte[] file = Chain(nodes: 10_000).ToBytes();
        long started = Stopwatch.GetTimestamp();
        using Model model = Model.Load(file, OpSet.All);
        using var session = new Session(model);
        session.Run();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, mostTime);
    }

    // Every value lives to the end, so the most live at one time.
    [Fact]
    public void Many_long_lives_load_in_time()
    {
        byte[] file = Fan(nodes: 5_000).ToBytes();
        long started = Stopwatch.GetTimestamp();
        using Model model = Model.Load(file, OpSet.All);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, mostTime);
    }

    // Graph g calls graph g + 1 in both branches of an If.
    static Model Doubling(int levels)
    {
        var main = new GraphBuilder("level 0");
        GraphBuilder[] graphs = [main, .. Enumerable.Range(1, levels).Select(
            g => new GraphBuilder(main.Model, $"level {g}"))];
        for (int g = levels; g >= 0; g--)
        {
            int choice = graphs[g].Constant<bool>("choice", new Shape(1), [true]);
            if (g < levels)
            {
                _ = graphs[g].Node(new If(g + 1, g + 1), "if", [choice], [], []);
            }
        }

        return main.Model;
    }

    static Model Chain(int nodes)
    {
        var b = new GraphBuilder("chain");
        int x = b.Input("x", DType.Float32, new Shape(1, 16));
        for (int i = 0; i < nodes; i++)
        {
            x = b.Node(new Transpose([1, 0]), "t", [x]);
        }

        b.Output(x);
        return b.Model;
    }

    static Model Fan(int nodes)
    {
        var b = new GraphBuilder("fan");
        int x = b.Input("x", DType.Float32, new Shape(1, 16));
        for (int i = 0; i < nodes; i++)
        {
            b.Output(b.Node(new Transpose([1, 0]), "t", [x]));
        }

        return b.Model;
    }
}
