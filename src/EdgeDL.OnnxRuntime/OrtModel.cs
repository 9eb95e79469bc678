using EdgeDL.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace EdgeDL.OnnxRuntime;

/// <summary>
/// A model that ONNX Runtime runs on the CPU, on inputs as they come: an oracle. Unless its options
/// say otherwise, the library's optimizer makes integer arithmetic of quantized graphs, whose sums
/// are exact on every processor.
/// </summary>
public sealed class OrtModel : IDisposable
{
    readonly InferenceSession session;
    readonly RunOptions runOptions;

    /// <summary>Opens the bytes of an .onnx file; integer sums are exact.</summary>
    /// <exception cref="OrtException">The library is missing, or refuses the model.</exception>
    public OrtModel(byte[] onnx)
        : this(onnx, new OrtOptions { ExactIntegers = true })
    {
    }

    /// <summary>Opens the bytes of an .onnx file.</summary>
    /// <exception cref="OrtException">The library is missing, or refuses the model.</exception>
    public OrtModel(byte[] onnx, OrtOptions options)
    {
        session = OrtLibrary.Open(onnx, options);
        runOptions = new RunOptions();
        Inputs =
            [.. session.InputNames.Select(n => OrtLibrary.Port(n, session.InputMetadata[n]))];
        Outputs =
            [.. session.OutputNames.Select(n => OrtLibrary.Port(n, session.OutputMetadata[n]))];
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
            throw OrtException.Failed("fails", e);
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
}
