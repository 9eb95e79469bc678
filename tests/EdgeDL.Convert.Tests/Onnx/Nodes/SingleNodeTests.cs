using System.Runtime.InteropServices;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>Operators with operands of many kinds against ONNX Runtime.</summary>
public class SingleNodeTests
{
    const double Tolerance = 1e-4;

    static readonly Lazy<Dictionary<string, SingleNode>> nodes = new(() =>
        All.ToDictionary(n => n.Name, n => n));

    internal static IEnumerable<SingleNode> All =>
        RecurrentNodes.All.Concat(MatrixNodes.All).Concat(QuantNodes.All)
            .Concat(NormalizeNodes.All).Concat(IndexNodes.All).Concat(LaterNodes.All)
            .Concat(NarrowNodes.All);

    public static TheoryData<string> Names => [.. nodes.Value.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_what_onnx_runtime_gives(string name)
    {
        SingleNode node = nodes.Value[name];
        using Model converted = Converter.Convert(node.Bytes, new ImportOptions());
        using Model model = Model.Load(converted.ToBytes(), OpSet.All);
        using var session = new Session(model);
        foreach (OrtTensor input in node.Inputs)
        {
            input.Bytes.CopyTo(session.Input(input.Name).AsBytes());
        }

        session.Run();
        using var oracle = new OrtModel(node.Bytes);
        foreach (OrtTensor expected in oracle.Run(node.Inputs))
        {
            Same(expected, session.Output(expected.Name));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Does_no_harm_damaged(string name)
    {
        var random = new Random(name.Length);
        byte[] file = nodes.Value[name].Bytes;
        for (int i = 0; i < Settings.Count(10, 300); i++)
        {
            try
            {
                using Model model = Converter.Convert(
                    ProtoMutator.Mutate(file, random), new ImportOptions());
                EdlFuzz.Feed(model.ToBytes());
            }
            catch (EdgeDLException)
            {
                // Refused, in words.
            }
        }
    }

    static void Same(OrtTensor expected, TensorView actual)
    {
        Assert.Equal(expected.DType, actual.DType);
        Assert.Equal(expected.Shape, actual.Shape);
        Span<byte> bytes = actual.AsBytes();
        switch (expected.DType)
        {
            case DType.Float32:
                Near(MemoryMarshal.Cast<byte, float>(expected.Bytes), actual.AsSpan<float>());
                break;
            case DType.Int8 or DType.UInt8:
                bool isSigned = expected.DType == DType.Int8;
                for (int i = 0; i < bytes.Length; i++)
                {
                    int wanted = isSigned ? (sbyte)expected.Bytes[i] : expected.Bytes[i];
                    int given = isSigned ? (sbyte)bytes[i] : bytes[i];
                    Assert.True(Math.Abs(wanted - given) <= 1,
                        $"[{i}] is {given}, ONNX Runtime says {wanted}");
                }

                break;
            default:
                Assert.True(bytes.SequenceEqual(expected.Bytes), "the integers differ");
                break;
        }
    }

    static void Near(ReadOnlySpan<float> wanted, ReadOnlySpan<float> given)
    {
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.True(
                Math.Abs(given[i] - wanted[i]) <= Tolerance * (1 + Math.Abs(wanted[i])),
                $"[{i}] is {given[i]}, ONNX Runtime says {wanted[i]}");
        }
    }
}
