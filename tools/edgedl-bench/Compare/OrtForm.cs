using EdgeDL.Convert.Onnx;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Bench.Compare;

/// <summary>One way to say a model in ONNX, and how our tensors are said in it.</summary>
sealed class OrtForm
{
    const byte SignBit = 0x80;

    readonly byte[] onnx;
    readonly Model model;
    readonly int[] channelsFirst;

    OrtForm(string name, Model model, byte[] onnx, int[] channelsFirst)
    {
        Name = name;
        this.model = model;
        this.onnx = onnx;
        this.channelsFirst = channelsFirst;
    }

    public string Name { get; }

    public string? Folder { get; init; }

    /// <summary>The file that a model came from.</summary>
    public static OrtForm AsItCame(Model model, string path) => new(
        "as it came", model, File.ReadAllBytes(path), [])
    {
        Folder = Path.GetDirectoryName(Path.GetFullPath(path)),
    };

    /// <summary>
    /// What our exporter makes. ONNX Runtime's fp32 convolutions want images channels first, its
    /// integer ones channels last; those multiply uint8 by int8. What it does best is measured.
    /// </summary>
    public static IEnumerable<OrtForm> Exported(Model model)
    {
        Graph main = model.Main;
        int[] images =
            [.. Enumerable.Range(0, main.Inputs.Count).Where(i => IsImage(main, i))];
        if (main.Values.TrueForAll(v => v.Quant is null || v.Constant is not null))
        {
            yield return Exported("exported", model, isUnsigned: false, images);
            yield break;
        }

        bool isSigned = main.Values.Exists(
            v => v is { DType: DType.Int8, Constant: null, Quant: not null });
        yield return Exported(isSigned ? "QDQ int8" : "QDQ", model, isUnsigned: false, []);
        if (images.Length > 0)
        {
            yield return Exported(
                isSigned ? "QDQ int8, NCHW in" : "QDQ, NCHW in", model, isUnsigned: false, images);
        }

        if (isSigned && model.Graphs.Count == 1 && model.Variables.Count == 0)
        {
            yield return Exported("QDQ uint8", model, isUnsigned: true, []);
            if (images.Length > 0)
            {
                yield return Exported("QDQ uint8, NCHW in", model, isUnsigned: true, images);
            }
        }
    }

    static OrtForm Exported(string name, Model model, bool isUnsigned, int[] images) => new(
        name, model,
        OnnxExporter.Export(model, new OnnxExportOptions
        {
            UnsignedActivations = isUnsigned, ChannelsFirstInputs = images, ByReals = true,
        }),
        images);

    /// <summary>Opens it in ONNX Runtime.</summary>
    /// <exception cref="OrtException">It can't be run there, or has other inputs or outputs than
    /// ours.</exception>
    public OrtContender Open(IReadOnlyList<byte[]> inputs, int threads, bool exact)
    {
        var bound = new OrtBoundModel(onnx, new OrtOptions
        {
            Threads = threads, ExactIntegers = exact, Folder = Folder,
        });
        try
        {
            if (bound.Inputs.Count != inputs.Count)
            {
                throw new OrtException(
                    $"its ONNX form has {bound.Inputs.Count} inputs, ours {inputs.Count}");
            }

            var given = new byte[inputs.Count][];
            for (int i = 0; i < given.Length; i++)
            {
                given[i] = Said(i, inputs[i], bound.Inputs[i].DType);
                if (given[i].Length != bound.Input(i).Length)
                {
                    throw new OrtException(
                        $"its ONNX form has another input than ours: '{bound.Inputs[i].Name}'");
                }
            }

            return new OrtContender(bound, given);
        }
        catch
        {
            bound.Dispose();
            throw;
        }
    }

    /// <summary>An output as we would give it; null if it has another type or size.</summary>
    public byte[]? Output(OrtContender ort, int o)
    {
        Value ours = model.Main.Values[model.Main.Outputs[o]];
        if (o >= ort.Model.Outputs.Count)
        {
            return null;
        }

        DType type = ort.Model.Outputs[o].DType;
        byte[] bytes = ort.Model.Output(o).ToArray();
        return bytes.Length != ours.Bytes ? null
            : type == ours.DType ? bytes
            : type == DType.UInt8 && ours.DType == DType.Int8 ? Flipped(bytes)
            : null;
    }

    byte[] Said(int i, byte[] bytes, DType type)
    {
        Value ours = model.Main.Values[model.Main.Inputs[i]];
        byte[] said = type == DType.UInt8 && ours.DType == DType.Int8
            ? Flipped(bytes) : bytes;
        if (!channelsFirst.Contains(i))
        {
            return said;
        }

        int channels = ours.Shape[3];
        int pixels = ours.Shape[1] * ours.Shape[2];
        int size = ours.DType.Size();
        var turned = new byte[said.Length];
        for (int at = 0; at < said.Length; at += size)
        {
            (int pixel, int channel) = Math.DivRem(at / size, channels);
            (int image, int inside) = Math.DivRem(pixel, pixels);
            int to = ((((image * channels) + channel) * pixels) + inside) * size;
            said.AsSpan(at, size).CopyTo(turned.AsSpan(to));
        }

        return turned;
    }

    static byte[] Flipped(byte[] bytes) => Array.ConvertAll(bytes, b => (byte)(b ^ SignBit));

    // Whoever reads it wants channels first anyway.
    static bool IsImage(Graph main, int input)
    {
        int value = main.Inputs[input];
        return main.Values[value].Shape.Rank == 4
            && main.Nodes.TrueForAll(n => !n.Inputs.Contains(value)
                || n.Op is Conv2D or DepthwiseConv2D or MaxPool2D or AveragePool2D or Quantize);
    }
}
