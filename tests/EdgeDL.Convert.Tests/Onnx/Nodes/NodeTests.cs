using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>Single operators against ONNX Runtime, in forms that the suite does not have.</summary>
public class NodeTests
{
    const double Tolerance = 1e-4;

    public static TheoryData<string> One =>
        [.. ConvNodes.Texts, .. PoolNodes.Texts, .. ResizeNodes.Texts, .. OtherNodes.Texts];

    public static TheoryData<string> Back =>
        [.. ConvNodes.Texts, .. PoolNodes.Texts, .. OtherNodes.Texts];

    public static TheoryData<string> Two => [.. PoolNodes.WithIndices];

    [Theory]
    [MemberData(nameof(One))]
    public void Gives_what_onnx_runtime_gives(string text) => Compare(new NodeCase(text, 1));

    [Theory]
    [MemberData(nameof(Two))]
    public void Gives_both_that_onnx_runtime_gives(string text) => Compare(new NodeCase(text, 2));

    [Theory]
    [MemberData(nameof(Back))]
    public void Goes_back_to_onnx(string text)
    {
        var node = new NodeCase(text, 1);
        using Model model = Converter.Convert(node.Bytes, new ImportOptions());
        Compare(node, model, OnnxExporter.Export(model));
    }

    static void Compare(NodeCase node)
    {
        using Model model = Converter.Convert(node.Bytes, new ImportOptions());
        Compare(node, model, node.Bytes);
    }

    static void Compare(NodeCase node, Model model, byte[] onnx)
    {
        using var session = new Session(model);
        using var oracle = new OrtModel(onnx);
        foreach (OrtTensor input in node.Inputs)
        {
            input.Bytes.CopyTo(session.Input(input.Name).AsBytes());
        }

        session.Run();
        foreach (OrtTensor expected in oracle.Run(node.Inputs))
        {
            Same(expected, session.Output(expected.Name));
        }
    }

    static void Same(OrtTensor expected, TensorView actual)
    {
        Assert.Equal(expected.DType, actual.DType);
        // Selected boxes may be fewer than there is room for.
        bool isCut = expected.DType == DType.Int64 && expected.Shape is { Rank: 2 };
        if (!isCut)
        {
            Assert.Equal(expected.Shape, actual.Shape);
        }

        if (expected.DType != DType.Float32)
        {
            int length = expected.Bytes.Length;
            Assert.True(expected.Bytes.AsSpan().SequenceEqual(actual.AsBytes()[..length]),
                "the integers differ");
            return;
        }

        ReadOnlySpan<float> wanted = MemoryMarshal.Cast<byte, float>(expected.Bytes);
        ReadOnlySpan<float> given = actual.AsSpan<float>();
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.True(
                Math.Abs(given[i] - wanted[i]) <= Tolerance * (1 + Math.Abs(wanted[i])),
                $"[{i}] is {given[i]}, ONNX Runtime says {wanted[i]}");
        }
    }
}
