using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Tests.Signal;

public sealed class KwsFrontEndTests
{
    [AssetFact]
    public void Gives_the_benchmark_features_of_500_clips()
    {
        var builder = new GraphBuilder("kws front end");
        int pcm = builder.Input("pcm", DType.Int16, new Shape(1, KwsFrontEnd.Samples));
        builder.Output(KwsFrontEnd.Add(builder, pcm, new Quantization(0.5847029089927673f, 83)));
        using var session = new Session(builder.Model);
        int equal = 0;
        int total = 0;
        foreach (string file in Assets.Files("kws/pcm", ".bin"))
        {
            Assets.Bytes(file).CopyTo(session.Input(0).AsBytes());
            session.Run();
            byte[] expected = Assets.Bytes(file.Replace("pcm", "mfcc", StringComparison.Ordinal));
            Span<sbyte> actual = session.Output(0).AsSpan<sbyte>();
            for (int i = 0; i < actual.Length; i++)
            {
                int off = Math.Abs(actual[i] - (sbyte)expected[i]);
                Assert.True(off <= 1,
                    $"{file} [{i}] is {actual[i]}, expected {(sbyte)expected[i]}");
                equal += off == 0 ? 1 : 0;
                total++;
            }
        }

        Assert.Equal(500 * 490, total);
        Assert.True(equal >= 0.996 * total,
            $"{100.0 * equal / total:F3} % of the values are equal");
    }
}
