using EdgeDL.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace EdgeDL.OnnxRuntime;

/// <summary>
/// A model that ONNX Runtime runs on the CPU, on inputs and outputs that are allocated and bound
/// once: what a run costs is what the library costs. All graph optimizations are on, and the
/// library's own settings stand: its threads spin while they wait for work.
/// </summary>
public sealed class OrtBoundModel : IDisposable
{
    readonly RunOptions runOptions;
    readonly InferenceSession session;
    readonly OrtIoBinding binding;
    readonly List<OrtValue> inputs = [];
    readonly List<OrtValue> outputs = [];

    /// <summary>Opens the bytes of an .onnx file.</summary>
    /// <exception cref="OrtException">The library is missing or refuses the model, or an extent of
    /// an input or output is open.</exception>
    public OrtBoundModel(byte[] onnx, OrtBoundOptions options)
    {
        try
        {
            runOptions = new RunOptions();
            session = Open(onnx, options);
            binding = session.CreateIoBinding();
            Inputs = [.. session.InputNames.Select(n => Port(n, session.InputMetadata[n]))];
            Outputs = [.. session.OutputNames.Select(n => Port(n, session.OutputMetadata[n]))];
            foreach (OrtPort port in Inputs)
            {
                inputs.Add(Allocated(port));
                binding.BindInput(port.Name, inputs[^1]);
            }

            foreach (OrtPort port in Outputs)
            {
                outputs.Add(Allocated(port));
                binding.BindOutput(port.Name, outputs[^1]);
            }
        }
        catch (Exception e)
        {
            Dispose();
            if (e is OnnxRuntimeException)
            {
                throw Refusal("refuses the model", e);
            }

            throw e is DllNotFoundException or TypeInitializationException
                or EntryPointNotFoundException ? OrtException.Missing(e) : e;
        }
    }

    /// <summary>The library's version.</summary>
    /// <exception cref="OrtException">The library is missing.</exception>
    public static string LibraryVersion
    {
        get
        {
            try
            {
                return OrtEnv.Instance().GetVersionString();
            }
            catch (Exception e) when (e is DllNotFoundException or TypeInitializationException
                or EntryPointNotFoundException)
            {
                throw OrtException.Missing(e);
            }
        }
    }

    /// <summary>The inputs that must be filled; those with a default are not among them.</summary>
    public IReadOnlyList<OrtPort> Inputs { get; }

    public IReadOnlyList<OrtPort> Outputs { get; }

    /// <summary>The bytes of an input: fill them before a run.</summary>
    public Span<byte> Input(int i) => inputs[i].GetTensorMutableRawData();

    /// <summary>The bytes of an output of the last run.</summary>
    public ReadOnlySpan<byte> Output(int i) => outputs[i].GetTensorMutableRawData();

    /// <summary>Runs the model on its bound inputs.</summary>
    /// <exception cref="OrtException">An operator fails.</exception>
    public void Run()
    {
        try
        {
            session.RunWithBinding(runOptions, binding);
        }
        catch (OnnxRuntimeException e)
        {
            throw Refusal("fails", e);
        }
    }

    public void Dispose()
    {
        // Some are missing if the constructor has thrown.
        binding?.Dispose();
        inputs.ForEach(v => v.Dispose());
        outputs.ForEach(v => v.Dispose());
        session?.Dispose();
        runOptions?.Dispose();
    }

    static InferenceSession Open(byte[] onnx, OrtBoundOptions bound)
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = bound.Threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        if (bound.ExactIntegers)
        {
            options.AddSessionConfigEntry("session.x64quantprecision", "1");
        }

        if (bound.Folder is not null)
        {
            options.AddSessionConfigEntry(
                "session.model_external_initializers_file_folder_path", bound.Folder);
        }

        return new InferenceSession(onnx, options);
    }

    static OrtPort Port(string name, NodeMetadata data) => data.IsTensor
        ? new OrtPort(name, ElementTypes.Of(data.ElementDataType), data.Dimensions)
        : new OrtPort(name, DType.None, []);

    static OrtValue Allocated(OrtPort port)
    {
        if (port.DType == DType.None || port.Dims.Any(d => d < 0))
        {
            throw new OrtException(
                $"ONNX Runtime: '{port.Name}' has no type and extents that are known beforehand");
        }

        var value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, ElementTypes.Of(port.DType),
            [.. port.Dims.Select(d => (long)d)]);
        value.GetTensorMutableRawData().Clear();
        return value;
    }

    static OrtException Refusal(string what, Exception e) => new(
        $"ONNX Runtime {what}: {e.Message.ReplaceLineEndings(" ").Trim()}", e);
}
