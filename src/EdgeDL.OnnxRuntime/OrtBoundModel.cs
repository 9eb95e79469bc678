using EdgeDL.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace EdgeDL.OnnxRuntime;

/// <summary>
/// A model that ONNX Runtime runs on the CPU, on inputs and outputs that are allocated and bound
/// once: what a run costs is what the library costs. Its threads spin while they wait for work,
/// as is its default.
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
    public OrtBoundModel(byte[] onnx, OrtOptions options)
    {
        session = OrtLibrary.Open(onnx, options);
        runOptions = new RunOptions();
        binding = session.CreateIoBinding();
        Inputs =
            [.. session.InputNames.Select(n => OrtLibrary.Port(n, session.InputMetadata[n]))];
        Outputs =
            [.. session.OutputNames.Select(n => OrtLibrary.Port(n, session.OutputMetadata[n]))];
        try
        {
            OrtLibrary.Call("can't bind the model", Bind);
        }
        catch
        {
            Dispose();
            throw;
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
            throw OrtException.Failed("fails", e);
        }
    }

    public void Dispose()
    {
        binding.Dispose();
        inputs.ForEach(v => v.Dispose());
        outputs.ForEach(v => v.Dispose());
        session.Dispose();
        runOptions.Dispose();
    }

    bool Bind()
    {
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

        return true;
    }

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
}
