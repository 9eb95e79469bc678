using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Export;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>A model here against its export in ONNX Runtime, on the same random inputs.</summary>
static class ExportCheck
{
    const double Relative = 1e-4;

    // ONNX Runtime's sigmoid is a half plus a quotient: it errs by a few 2⁻²⁴, where YuNet's scores
    // on pictures without a face are 10⁻⁷.
    const double SigmoidError = 1.0 / (1 << 22);
    const int Steps = 1;

    /// <summary>Equal arguments of the largest value; floats within 10⁻⁴ of the largest, quantized
    /// integers and reals that are made of them within a step, others equal. State is fed back.
    /// </summary>
    public static void SameAnswers(Model model, byte[] onnx, int runs) =>
        SameAnswers(model, onnx, runs, Fill);

    /// <inheritdoc cref="SameAnswers(Model, byte[], int)"/>
    public static void SameAnswers(
        Model model, byte[] onnx, int runs, Action<TensorView, Random> fill)
    {
        using OrtModel ort = OnnxModelTests.Oracle(onnx);
        using var session = new Session(model);
        var state = new Dictionary<string, OrtTensor>();
        var random = new Random(1);
        int outputs = session.OutputCount;
        for (int run = 0; run < runs; run++)
        {
            var inputs = new List<OrtTensor>(state.Values);
            for (int i = 0; i < session.InputCount; i++)
            {
                TensorView x = session.Input(i);
                fill(x, random);
                inputs.Add(new OrtTensor(
                    ort.Inputs[i].Name, x.DType, x.Shape, x.AsBytes().ToArray()));
            }

            session.Run();
            OrtTensor[] answers = ort.Run(inputs);
            for (int o = 0; o < outputs; o++)
            {
                Same(answers[o], session.Output(o), Step(model, o), $"run {run} output {o}");
            }

            foreach (OrtTensor next in answers[outputs..])
            {
                string name = next.Name[..^"_next".Length];
                state[name] = next with { Name = name };
            }
        }
    }

    /// <summary>A slice on what the whole model has at its borders.</summary>
    public static void SliceAnswers(Model model, OnnxSlice slice, OrtModel ort)
    {
        int before = model.Main.Outputs.Count;
        model.Main.Outputs.AddRange(slice.Inputs);
        model.Main.Outputs.AddRange(slice.Outputs);
        model.Plan = null;
        using var session = new Session(model);
        Fill(session.Input(0), new Random(2));
        session.Run();
        OrtTensor[] inputs =
        [
            .. slice.InputNames.Select((name, i) =>
            {
                TensorView x = session.Output(before + i);
                return new OrtTensor(name, x.DType, x.Shape, x.AsBytes().ToArray());
            }),
        ];
        OrtTensor[] answers = ort.Run(inputs);
        for (int o = 0; o < answers.Length; o++)
        {
            Same(answers[o], session.Output(before + inputs.Length + o), 0, $"output {o}");
        }
    }

    public static void Fill(TensorView x, Random random)
    {
        switch (x.DType)
        {
            case DType.Float32:
                foreach (ref float value in x.AsSpan<float>())
                {
                    value = (2 * random.NextSingle()) - 1;
                }

                break;
            case DType.Bool:
                foreach (ref byte value in x.AsBytes())
                {
                    value = (byte)random.Next(2);
                }

                break;
            case DType.Int8 or DType.UInt8 or DType.Int16:
                random.NextBytes(x.AsBytes());
                break;
            default:
                throw new ArgumentException($"input '{x.Name}' is {x.DType}");
        }
    }

    // What a step of a quantized graph's real output is worth; 0 for others.
    static double Step(Model model, int output)
    {
        int value = model.Main.Outputs[output];
        Node? maker = model.Main.Nodes.Find(n => n.Outputs.Contains(value));
        return maker?.Op is Dequantize
            ? model.Main.Values[maker.Inputs[0]].Quant?.Scale ?? 0 : 0;
    }

    static void Same(OrtTensor expected, TensorView actual, double step, string what)
    {
        Assert.Equal((expected.DType, expected.Shape), (actual.DType, actual.Shape));
        double[] e = Numbers(expected.DType, expected.Bytes);
        double[] a = Numbers(actual.DType, actual.AsBytes());
        if (e.Length == 0)
        {
            return;
        }

        bool isFloat = actual.DType == DType.Float32;
        double largest = e.Max(Math.Abs);
        double most = !isFloat ? actual.Quant is null ? 0 : Steps
            : Math.Max(Relative * largest, Math.Max(1.01 * Steps * step, SigmoidError));
        for (int i = 0; i < e.Length; i++)
        {
            Assert.True(
                Math.Abs(e[i] - a[i]) <= most,
                $"{what} '{actual.Name}'[{i}]: {a[i]:g9}, ONNX Runtime says {e[i]:g9}, largest "
                    + $"{largest:g9}");
        }

        int top = Array.IndexOf(e, e.Max());
        int ours = Array.IndexOf(a, a.Max());
        Assert.True(top == ours, $"{what}: argmax {ours}, ONNX Runtime says {top}");
    }

    static double[] Numbers(DType type, ReadOnlySpan<byte> bytes) => type switch
    {
        DType.Float32 => Numbers(MemoryMarshal.Cast<byte, float>(bytes), x => x),
        DType.Int8 => Numbers(MemoryMarshal.Cast<byte, sbyte>(bytes), x => x),
        DType.UInt8 or DType.Bool => Numbers(bytes, x => x),
        DType.Int16 => Numbers(MemoryMarshal.Cast<byte, short>(bytes), x => x),
        DType.Int32 => Numbers(MemoryMarshal.Cast<byte, int>(bytes), x => x),
        DType.Int64 => Numbers(MemoryMarshal.Cast<byte, long>(bytes), x => x),
        _ => throw new ArgumentException($"outputs of {type}"),
    };

    static double[] Numbers<T>(ReadOnlySpan<T> values, Func<T, double> number)
    {
        var numbers = new double[values.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = number(values[i]);
        }

        return numbers;
    }
}
