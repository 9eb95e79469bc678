using EdgeDL.Convert.Onnx.Schema;
using Google.Protobuf;

namespace EdgeDL.Convert.Onnx;

/// <summary>Makes inner tensors of an .onnx file visible, to compare them with a model's.
/// </summary>
public static class OnnxTaps
{
    /// <summary>The names of what the nodes of the main graph compute, in their order.</summary>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model.</exception>
    public static string[] Computed(ReadOnlyMemory<byte> onnx) =>
    [
        .. OnnxFile.Parse(onnx, folder: null).Graph.Node
            .SelectMany(n => n.Output).Where(name => name.Length > 0),
    ];

    /// <summary>The file with more outputs, behind those that it has.</summary>
    /// <param name="onnx">An .onnx file.</param>
    /// <param name="names">Tensors that the main graph computes.</param>
    /// <exception cref="InvalidModelException">The bytes are no ONNX model.</exception>
    public static byte[] WithOutputs(ReadOnlyMemory<byte> onnx, IEnumerable<string> names)
    {
        ModelProto model = OnnxFile.Parse(onnx, folder: null).Model;
        HashSet<string> known = [.. model.Graph.Output.Select(o => o.Name)];
        Dictionary<string, ValueInfoProto> typed = [];
        foreach (ValueInfoProto value in model.Graph.ValueInfo)
        {
            typed[value.Name] = value;
        }

        foreach (string name in names)
        {
            if (known.Add(name))
            {
                model.Graph.Output.Add(
                    typed.GetValueOrDefault(name) ?? new ValueInfoProto { Name = name });
            }
        }

        return model.ToByteArray();
    }
}
