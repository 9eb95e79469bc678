using EdgeDL.Convert.Onnx;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;

namespace EdgeDL.Convert.Tests.Onnx;

sealed partial class SuiteCase
{
    /// <summary>Every stored set once more, imported, packed, exported and run by ONNX Runtime.
    /// </summary>
    public void RunExported()
    {
        foreach (string set in Directory.GetDirectories(folder, "test_data_set_*"))
        {
            Dictionary<string, TensorData> given = Load(set, "input", inputs);
            using Model loaded = Packed(given);
            using var ort = new OrtModel(OnnxExporter.Export(loaded));
            OrtTensor[] answers = ort.Run(
            [
                .. loaded.Main.Inputs.Select((v, i) =>
                {
                    TensorData data = given[loaded.Main.Values[v].Name];
                    return new OrtTensor(
                        ort.Inputs[i].Name, ort.Inputs[i].DType, data.Shape, data.Bytes);
                }),
            ]);
            Dictionary<string, TensorData> expected =
                Load(set, "output", [.. model.Graph.Output]);
            for (int o = 0; o < loaded.Main.Outputs.Count; o++)
            {
                string name = loaded.Main.Values[loaded.Main.Outputs[o]].Name;
                Same(expected[name], answers[o].DType, answers[o].Shape, answers[o].Bytes, name);
            }
        }
    }
}
