using EdgeDL.Convert.Passes;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Passes;

/// <summary>A graph before and after the passes, on the same random inputs.</summary>
static class Rewriting
{
    const int Runs = 3;

    /// <summary>Runs the passes; every output must stay within the tolerance.</summary>
    public static void Check(GraphBuilder b, float tolerance)
    {
        byte[][][] before = Run(b.Model);
        PassPipeline.Run(b.Model, log: null);
        Compare(b.Model, before, Run(b.Model), tolerance);
    }

    /// <summary>How many nodes with this op are left.</summary>
    public static int Count<TOp>(GraphBuilder b) => b.Graph.Nodes.Count(n => n.Op is TOp);

    /// <summary>The outputs for each of some seeded random inputs.</summary>
    public static byte[][][] Run(Model model)
    {
        using var session = new Session(model);
        var results = new byte[Runs][][];
        for (int run = 0; run < Runs; run++)
        {
            var random = new Random(run);
            for (int i = 0; i < session.InputCount; i++)
            {
                Fill(session.Input(i), random);
            }

            session.Run();
            results[run] = [.. Enumerable.Range(0, session.OutputCount)
                .Select(o => session.Output(o).AsBytes().ToArray())];
        }

        return results;
    }

    static void Fill(TensorView x, Random random)
    {
        for (int i = 0; i < x.Elements; i++)
        {
            if (x.DType == DType.Float32)
            {
                x.AsSpan<float>()[i] = random.NextSingle() * 8 - 4;
            }
            else
            {
                x.AsBytes()[i] = (byte)random.Next(256);
            }
        }
    }

    static void Compare(Model model, byte[][][] before, byte[][][] after, float tolerance)
    {
        for (int run = 0; run < Runs; run++)
        {
            for (int o = 0; o < before[run].Length; o++)
            {
                Value y = model.Main.Values[model.Main.Outputs[o]];
                if (y.DType == DType.Float32 && tolerance > 0)
                {
                    Testing.Check.Near(
                        Floats(before[run][o]), Floats(after[run][o]), tolerance, tolerance,
                        $"output {o} after the passes");
                }
                else
                {
                    Testing.Check.Same<byte>(
                        before[run][o], after[run][o], $"output {o} after the passes");
                }
            }
        }
    }

    static float[] Floats(byte[] bytes)
    {
        var floats = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, floats, 0, bytes.Length);
        return floats;
    }
}
