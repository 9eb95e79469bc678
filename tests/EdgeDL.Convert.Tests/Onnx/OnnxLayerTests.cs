using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Convert.Passes;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>
/// The quantized net cut between its layers: each gets what ONNX Runtime's layer got, and has to
/// give what that gave.
/// </summary>
public sealed class OnnxLayerTests
{
    const int Inputs = 20;

    [AssetFact]
    public void Every_layer_gives_the_same_bytes()
    {
        byte[] file = Assets.Bytes(OnnxModelTests.Quantized);
        ModelProto proto = ModelProto.Parser.ParseFrom(file);
        using OrtModel oracle = OnnxModelTests.Oracle(OnnxTaps.WithOutputs(
            file, proto.Graph.Node.Where(n => n.OpType == "QuantizeLinear")
                .Select(n => n.Output[0])));
        int[] shape = OnnxModelTests.ShapeOf(oracle);
        var options = new ImportOptions
        {
            InputShapes = new Dictionary<string, int[]> { ["image"] = shape },
        };
        using Model model = OnnxImporter.Import(file, options, folder: null);
        string[] names = Cut(model.Main);
        PassPipeline.RunWithinOneStep(model, log: null);
        using var session = new Session(model);
        var random = new Random(2);
        for (int run = 0; run < Inputs; run++)
        {
            float[] x = Photos.Normalized(new Shape(shape), random);
            Dictionary<string, byte[]> layers = OnnxModelTests.Run(oracle, x)
                .ToDictionary(t => t.Name, t => t.Bytes);
            x.CopyTo(session.Input(0).AsSpan<float>());
            for (int i = 0; i < names.Length; i++)
            {
                layers[names[i]].CopyTo(session.Input(i + 1).AsBytes());
            }

            session.Run();
            for (int i = 0; i < names.Length; i++)
            {
                Check.Same<byte>(layers[names[i]], session.Output(i + 1).AsBytes(), names[i]);
            }
        }
    }

    // Whatever reads a quantized activation reads a new input instead; returns their names.
    static string[] Cut(Graph graph)
    {
        var names = new List<string>();
        foreach (Node quantize in graph.Nodes.Where(n => n.Op is Quantize).ToArray())
        {
            int made = quantize.Outputs[0];
            Value y = graph.Values[made];
            graph.Values.Add(new Value
            {
                Name = $"{y.Name}/given", DType = y.DType, Shape = y.Shape, Quant = y.Quant,
            });
            int given = graph.Values.Count - 1;
            foreach (Node node in graph.Nodes)
            {
                node.Inputs = Array.ConvertAll(node.Inputs, v => v == made ? given : v);
            }

            graph.Inputs.Add(given);
            graph.Outputs.Add(made);
            names.Add(y.Name[..y.Name.LastIndexOf('/')]);
        }

        return [.. names];
    }
}
