using EdgeDL.Convert.Onnx;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using Xunit.Abstractions;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>
/// ONNX Runtime has several answers to one quantized net: fp32 operator for operator, integers
/// with its own QLinearAdd, integers with the standard's sums. In a deep net one value that is
/// rounded the other way early on moves many scores. Ours are the standard's, and they are nearer
/// to each of the other forms than those are to each other.
/// </summary>
public sealed class OracleFormsTests(ITestOutputHelper output)
{
    const int Inputs = 20;

    [AssetFact]
    public void Ours_is_nearer_to_each_form_than_the_forms_to_each_other()
    {
        byte[] file = Assets.Bytes(OnnxModelTests.Quantized);
        var exact = new OrtOptions { ExactIntegers = true };
        using OrtModel standard = OnnxModelTests.Oracle(file);
        using var integers = new OrtModel(StandardArithmetic.WithOwnParameters(file), exact);
        using var reals = new OrtModel(file, exact with { Optimize = false });
        using Model model = OnnxModelTests.Convert(OnnxModelTests.Quantized, standard);
        using var session = new Session(model);
        float step = OnnxModelTests.LastScale(model);
        var pairs = new Pair[]
        {
            new("ours, standard's integers", step), new("ours, its own integers", step),
            new("ours, fp32", step), new("its own integers, fp32", step),
        };
        var random = new Random(1);
        for (int run = 0; run < Inputs; run++)
        {
            float[] x = Photos.Normalized(
                new Shape(OnnxModelTests.ShapeOf(standard)), random);
            x.CopyTo(session.Input(0).AsSpan<float>());
            session.Run();
            ReadOnlySpan<float> ours = session.Output(0).AsSpan<float>();
            ReadOnlySpan<float> ofIntegers = Scores(integers, x);
            ReadOnlySpan<float> ofReals = Scores(reals, x);
            pairs[0].Add(ours, Scores(standard, x));
            pairs[1].Add(ours, ofIntegers);
            pairs[2].Add(ours, ofReals);
            pairs[3].Add(ofIntegers, ofReals);
        }

        foreach (Pair pair in pairs)
        {
            output.WriteLine(
                $"{pair.Name}: {pair.Photos} of {Inputs} pictures differ, {pair.Scores} scores by "
                    + $"more than a step, {pair.Winners} winners");
        }

        Assert.Equal((0, 0), (pairs[0].Photos, pairs[0].Winners));
        Assert.Equal(0, pairs[1].Winners);
        Assert.All(pairs[1..3], p =>
        {
            Assert.InRange(p.Photos, 0, pairs[3].Photos);
            Assert.InRange(p.Scores, 0, pairs[3].Scores);
            Assert.InRange(p.Winners, 0, pairs[3].Winners);
        });
    }

    static ReadOnlySpan<float> Scores(OrtModel oracle, float[] x) =>
        OnnxModelTests.Reals(Assert.Single(OnnxModelTests.Run(oracle, x)));

    sealed class Pair(string name, float step)
    {
        public string Name => name;

        /// <summary>Pictures with a score that is off by more than a step.</summary>
        public int Photos { get; private set; }

        public int Scores { get; private set; }

        public int Winners { get; private set; }

        public void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        {
            int off = OnnxModelTests.Off(a, b, step);
            Photos += off > 0 ? 1 : 0;
            Scores += off;
            Winners += OnnxModelTests.Best(a) == OnnxModelTests.Best(b) ? 0 : 1;
        }
    }
}
