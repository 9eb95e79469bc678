using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Convert.Passes;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using Google.Protobuf;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>
/// The quantized net cut between its layers: each gets what ONNX Runtime's layer got, and has to
/// give what that gave.
/// </summary>
public sealed class OnnxLayerTests
{
    const int Inputs = 20;

    [AssetFact]
    public void Every_layer_is_within_one_step()
    {
        byte[] file = Assets.Bytes(OnnxModelTests.Quantized);
        using var oracle = new OnnxOracle(WithEveryLayer(file));
        var options = new ImportOptions
        {
            InputShapes = new Dictionary<string, int[]> { ["image"] = oracle.InputShape },
        };
        using Model model = OnnxImporter.Import(file, options, folder: null);
        string[] names = Cut(model.Main);
        PassPipeline.RunWithinOneStep(model, log: null);
        using var session = new Session(model);
        var random = new Random(2);
        var values = new long[names.Length];
        var off = new long[names.Length];
        for (int run = 0; run < Inputs; run++)
        {
            float[] x = OnnxModelTests.Cutting(oracle.InputShape, random);
            Dictionary<string, byte[]> layers = oracle.Run<byte>(x);
            x.CopyTo(session.Input(0).AsSpan<float>());
            for (int i = 0; i < names.Length; i++)
            {
                layers[names[i]].CopyTo(session.Input(i + 1).AsBytes());
            }

            session.Run();
            for (int i = 0; i < names.Length; i++)
            {
                Count(layers[names[i]], session.Output(i + 1).AsBytes(), ref values[i],
                    ref off[i]);
            }
        }

        for (int i = 0; i < names.Length; i++)
        {
            Assert.True(off[i] * 100 <= values[i],
                $"{names[i]}: {off[i]} of {values[i]} values are off");
        }
    }

    // One step is allowed to one value in a hundred: means have ties. More is allowed to none.
    static void Count(byte[] expected, ReadOnlySpan<byte> actual, ref long values, ref long off)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            int step = Math.Abs(expected[i] - actual[i]);
            Assert.True(step <= 1, $"{actual[i]} for {expected[i]}");
            off += step;
        }

        values += expected.Length;
    }

    // The file with every quantized activation among its outputs.
    static byte[] WithEveryLayer(byte[] file)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(file);
        foreach (NodeProto node in model.Graph.Node.Where(n => n.OpType == "QuantizeLinear"))
        {
            model.Graph.Output.Add(new ValueInfoProto { Name = node.Output[0] });
        }

        return model.ToByteArray();
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
