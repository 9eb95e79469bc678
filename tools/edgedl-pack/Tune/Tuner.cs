using System.Diagnostics;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Kernels;
using EdgeDL.Pack.Verify;
using EdgeDL.Tensors;

namespace EdgeDL.Pack.Tune;

/// <summary>
/// Measures, on this CPU, every node that can be computed in several ways: each way in a session
/// of the whole model, the sessions in turn, a block of runs each, so that all see the same
/// machine.
/// </summary>
/// <param name="model">The model, on this CPU's rows.</param>
/// <param name="threads">What sessions run on.</param>
/// <param name="rounds">Blocks of each session; their median counts.</param>
sealed class Tuner(Model model, int threads, int rounds)
{
    const double BlockSeconds = 0.002;
    const int MostRunsOfBlock = 100;

    /// <summary>The nodes in the order in which a session prepares them; those of graphs that
    /// nodes call are not measured.</summary>
    /// <exception cref="DataRangeException">The model takes no random inputs.</exception>
    public List<TunedNode> Run()
    {
        List<TunedNode> nodes = Candidates();
        int ways = nodes.Where(n => model.Main.Nodes.Contains(n.Node))
            .Select(n => n.Layouts.Length).DefaultIfEmpty().Max();
        if (ways == 0)
        {
            return nodes;
        }

        var sessions = new List<Session>();
        try
        {
            for (int way = 0; way < ways; way++)
            {
                sessions.Add(Open((_, layouts) => Math.Min(way, layouts.Length - 1)));
            }

            List<double[]>[] times = Measure(sessions);
            int[] steps = [.. nodes.Select(n => StepOf(sessions[0], n.Node))];
            return [.. nodes.Select((n, i) => steps[i] < 0 ? n : n with
            {
                Microseconds = [.. n.Layouts.Select((_, way) =>
                    Median([.. times[way].Select(round => round[steps[i]])]))],
            })];
        }
        finally
        {
            sessions.ForEach(s => s.Dispose());
        }
    }

    // Opening a session asks for each node that can be computed in several ways.
    List<TunedNode> Candidates()
    {
        var nodes = new List<TunedNode>();
        Open((node, layouts) =>
        {
            // A graph that is called twice is prepared twice.
            if (!nodes.Exists(n => n.Node == node))
            {
                nodes.Add(new TunedNode(node, layouts.ToArray(), []));
            }

            return 0;
        }).Dispose();
        return nodes;
    }

    Session Open(LayoutChoice choice) =>
        new(model, new SessionOptions { Threads = threads, Layouts = choice });

    // Of each session, the steps' microseconds in each round.
    List<double[]>[] Measure(List<Session> sessions)
    {
        byte[][] inputs = Inputs(sessions[0]);
        int runs = RunsOfBlock(sessions[0], inputs);
        var times = new List<double[]>[sessions.Count];
        for (int s = 0; s < times.Length; s++)
        {
            times[s] = [];
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < sessions.Count; i++)
            {
                // Nobody is always the first behind another.
                int s = (i + round) % sessions.Count;
                times[s].Add(Block(sessions[s], inputs, runs));
            }
        }

        return times;
    }

    // The first run is not timed: the caches are another session's.
    static double[] Block(Session session, byte[][] inputs, int runs)
    {
        session.ResetVariables();
        Repeat(session, inputs, 1);
        Profiler profiler = session.StartProfiling();
        Repeat(session, inputs, runs);
        session.StopProfiling();
        return [.. Enumerable.Range(0, profiler.Nodes.Count).Select(profiler.MicrosecondsOf)];
    }

    static void Repeat(Session session, byte[][] inputs, int runs)
    {
        for (int run = 0; run < runs; run++)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i].CopyTo(session.Input(i).AsBytes());
            }

            session.Run();
        }
    }

    static int RunsOfBlock(Session session, byte[][] inputs)
    {
        Repeat(session, inputs, 1);
        long start = Stopwatch.GetTimestamp();
        Repeat(session, inputs, 1);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (int)Math.Clamp(BlockSeconds / seconds, 1, MostRunsOfBlock);
    }

    // Zeros for wider integers: they may be indices.
    static byte[][] Inputs(Session session)
    {
        var random = new Random(1);
        var inputs = new byte[session.InputCount][];
        for (int i = 0; i < inputs.Length; i++)
        {
            TensorView input = session.Input(i);
            if (input.DType is DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16)
            {
                ModelCheck.Fill(input, random);
            }
            else
            {
                input.AsBytes().Clear();
            }

            inputs[i] = input.AsBytes().ToArray();
        }

        return inputs;
    }

    static int StepOf(Session session, Node node)
    {
        Profiler profiler = session.StartProfiling();
        session.StopProfiling();
        return Enumerable.Range(0, profiler.Nodes.Count)
            .FirstOrDefault(i => profiler.Nodes[i] == node, -1);
    }

    static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
