using EdgeDL.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace EdgeDL.OnnxRuntime;

/// <summary>
/// A model that ONNX Runtime runs on the CPU, on one thread. Its graph optimizations are on: they
/// make integer arithmetic of quantized graphs, whose sums are exact on every processor.
/// </summary>
public sealed class OrtModel : IDisposable
{
    readonly InferenceSession session;
    readonly RunOptions runOptions;

    /// <summary>Opens the bytes of an .onnx file.</summary>
    /// <exception cref="OrtException">The library is missing, or refuses the model.</exception>
    public OrtModel(byte[] onnx)
        : this(onnx, folder: null)
    {
    }

    /// <summary>Opens the bytes of an .onnx file.</summary>
    /// <param name="onnx">The bytes.</param>
    /// <param name="folder">Where weights lie that the file keeps outside; null: nowhere.</param>
    /// <exception cref="OrtException">The library is missing, or refuses the model.</exception>
    public OrtModel(byte[] onnx, string? folder)
    {
        try
        {
            runOptions = new RunOptions();
            session = Open(onnx, folder);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException
            or EntryPointNotFoundException)
        {
            throw OrtException.Missing(e);
        }
        catch (OnnxRuntimeException e)
        {
            throw new OrtException($"ONNX Runtime refuses the model: {OneLine(e)}", e);
        }

        Inputs = [.. session.InputNames.Select(n => Port(n, session.InputMetadata[n]))];
        Outputs = [.. session.OutputNames.Select(n => Port(n, session.OutputMetadata[n]))];
    }

    static InferenceSession Open(byte[] onnx, string? folder)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };

        // Without it, sums of int8 products saturate on x64 processors that lack VNNI.
        options.AddSessionConfigEntry("session.x64quantprecision", "1");
        // Its optimizer would round activations to int8 wherever weights are int4 in blocks.
        options.AddSessionConfigEntry("session.qdq_matmulnbits_accuracy_level", "1");
        if (folder is not null)
        {
            options.AddSessionConfigEntry(
                "session.model_external_initializers_file_folder_path", folder);
        }

        return new InferenceSession(onnx, options);
    }

    /// <summary>The inputs that must be given.</summary>
    public IReadOnlyList<OrtPort> Inputs { get; }

    public IReadOnlyList<OrtPort> Outputs { get; }

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">A tensor an input, in any order; those with a default may be left
    /// out.</param>
    /// <returns>The outputs, in the model's order.</returns>
    /// <exception cref="OrtException">An input does not fit, or an operator fails.</exception>
    public OrtTensor[] Run(IReadOnlyCollection<OrtTensor> inputs) =>
        Run(inputs, [.. session.OutputNames]);

    /// <summary>Runs as much of the model as some outputs need.</summary>
    /// <inheritdoc cref="Run(IReadOnlyCollection{OrtTensor})"/>
    public OrtTensor[] Run(IReadOnlyCollection<OrtTensor> inputs, IReadOnlyList<string> outputs)
    {
        var values = new List<OrtValue>();
        try
        {
            foreach (OrtTensor input in inputs)
            {
                values.Add(Value(input));
            }

            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(
                runOptions, [.. inputs.Select(i => i.Name)], values, outputs);
            return [.. results.Select((r, i) => Tensor(outputs[i], r))];
        }
        catch (OnnxRuntimeException e)
        {
            throw new OrtException($"ONNX Runtime: {OneLine(e)}", e);
        }
        finally
        {
            values.ForEach(v => v.Dispose());
        }
    }

    public void Dispose()
    {
        runOptions.Dispose();
        session.Dispose();
    }

    static OrtValue Value(OrtTensor input)
    {
        if (input.Bytes.LongLength != input.DType.Bytes(input.Shape.Elements))
        {
            throw new ArgumentException(
                $"input '{input.Name}' of {input.DType} {input.Shape} has {input.Bytes.Length} "
                    + "bytes");
        }

        var value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, ElementTypes.Of(input.DType),
            [.. input.Shape.ToArray().Select(d => (long)d)]);
        input.Bytes.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    static OrtTensor Tensor(string name, OrtValue value)
    {
        if (!value.IsTensor)
        {
            throw new OrtException($"ONNX Runtime: output '{name}' is no tensor");
        }

        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        DType type = ElementTypes.Of(info.ElementDataType);
        var shape = new Shape([.. info.Shape.Select(d => checked((int)d))]);
        byte[] bytes = type == DType.None
            ? throw new OrtException(
                $"ONNX Runtime: output '{name}' holds {info.ElementDataType}, not numbers")
            : value.GetTensorMutableRawData().ToArray();
        return new OrtTensor(name, type, shape, bytes);
    }

    static OrtPort Port(string name, NodeMetadata data) => data.IsTensor
        ? new OrtPort(name, ElementTypes.Of(data.ElementDataType), data.Dimensions)
        : new OrtPort(name, DType.None, []);

    static string OneLine(Exception e) => e.Message.ReplaceLineEndings(" ").Trim();
}
