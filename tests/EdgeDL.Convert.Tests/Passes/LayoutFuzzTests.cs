using EdgeDL.Convert.Passes;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tests.Passes;

/// <summary>
/// Random channels-first graphs compute after the passes what they did before, and transpose no
/// more bytes.
/// </summary>
public sealed class LayoutFuzzTests
{
    const int Graphs = 150;
    const int Steps = 14;

    // What one more transpose may cost in bytes that it saves elsewhere.
    const long NodeBytes = 4096;

    [Fact]
    public void Random_graphs_keep_their_results()
    {
        for (int seed = 0; seed < Graphs; seed++)
        {
            var b = new GraphBuilder($"random {seed}");
            Build(new ChannelsFirst(b), new Random(seed));
            long before = Cost(b);
            try
            {
                Rewriting.Check(b, 1e-4f);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e.Message}\n{string.Join("\n", b.Graph.Nodes)}");
            }

            Assert.True(Cost(b) <= before, $"seed {seed}: {before} became {Cost(b)}");
        }
    }

    static long Cost(GraphBuilder b) => b.Graph.Nodes.Where(n => n.Op is Transpose)
        .Sum(n => b[n.Outputs[0]].Bytes + NodeBytes);

    static void Build(ChannelsFirst net, Random random)
    {
        GraphBuilder b = net.Builder;
        var values = new List<int> { net.Conv(net.Input(1, 3, 6, 6), 4) };
        for (int step = 0; step < Steps; step++)
        {
            int x = values[random.Next(values.Count)];
            Shape shape = b[x].Shape;
            int axis = shape.Rank > 0 ? random.Next(shape.Rank) : 0;
            int y = random.Next(16) switch
            {
                0 or 1 or 2 when shape.Rank == 4 => net.Conv(x, 4, random.Next(2) * 2 + 1),
                3 when shape.Rank == 4 && shape[1] > 1 => net.Depthwise(x),
                4 => net.Node(new Tanh(), x),
                5 => net.Add(x, Partner(b, values, shape, random)),
                6 when shape.Rank > 0 => net.Node(new Concat(axis), x, x),
                7 when shape.Rank > 0 && shape[axis] > 1 => Sliced(net, x, shape, axis),
                8 when shape.Rank > 0 => Padded(net, x, shape, axis),
                9 when shape.Rank > 1 => net.Node(new Transpose(Shuffled(shape, random)), x),
                10 when shape.Rank > 0 => net.Node(
                    new Mean(new ReduceAxes([axis], random.Next(2) == 0)), x),
                11 when shape.Rank > 0 => net.Node(new Softmax(axis, 1), x),
                12 when shape.Rank > 0 => net.Node(new Gather(axis, 0), x, net.Indices(0)),
                13 when shape.Rank is > 0 and < 5 && shape[axis] % 2 == 0 => net.Reshape(
                    x, [.. shape.Dims[..axis], 2, shape[axis] / 2, .. shape.Dims[(axis + 1)..]]),
                14 when axis > 0 => net.Reshape(
                    x, [.. shape.Dims[..(axis - 1)], shape[axis - 1] * shape[axis],
                        .. shape.Dims[(axis + 1)..]]),
                15 when shape.Rank > 1 => net.Dense(
                    net.Reshape(x, 1, shape.Elements), 6),
                _ => net.Node(new Relu(), x),
            };
            if (b[y].Shape.Elements is > 0 and < 4000)
            {
                values.Add(y);
            }
        }

        foreach (int value in values.TakeLast(3))
        {
            b.Output(value);
        }
    }

    static int Partner(GraphBuilder b, List<int> values, Shape shape, Random random)
    {
        int[] same = [.. values.Where(v => b[v].Shape == shape)];
        return same[random.Next(same.Length)];
    }

    static int Sliced(ChannelsFirst net, int x, Shape shape, int axis)
    {
        var begin = new int[shape.Rank];
        begin[axis] = 1;
        return net.Node(new Slice(begin, shape.With(axis, shape[axis] - 1).ToArray()), x);
    }

    static int Padded(ChannelsFirst net, int x, Shape shape, int axis)
    {
        var before = new int[shape.Rank];
        before[axis] = 1;
        return net.Node(new Pad(before, new int[shape.Rank]), x);
    }

    static int[] Shuffled(Shape shape, Random random)
    {
        int[] perm = [.. Enumerable.Range(0, shape.Rank)];
        random.Shuffle(perm);
        return perm;
    }
}
