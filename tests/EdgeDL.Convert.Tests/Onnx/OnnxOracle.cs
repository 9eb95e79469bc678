using Microsoft.ML.OnnxRuntime;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>
/// ONNX Runtime with its rewrites turned off: what the operators of a file mean, one by one.
/// </summary>
sealed class OnnxOracle : IDisposable
{
    readonly InferenceSession session;

    public OnnxOracle(string path)
        : this(File.ReadAllBytes(path))
    {
    }

    public OnnxOracle(byte[] model)
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            IntraOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session = new InferenceSession(model, options);
    }

    /// <summary>The first input's extents, 1 where the file leaves one open.</summary>
    public int[] InputShape => [.. session.InputMetadata.First().Value.Dimensions.Select(
        d => Math.Max(d, 1))];

    public string InputName => session.InputMetadata.First().Key;

    /// <summary>The fp32 outputs, by name, of a model with one fp32 input.</summary>
    public Dictionary<string, float[]> Run(float[] x) => Run<float>(x);

    /// <summary>The outputs of one type, by name, of a model with one fp32 input.</summary>
    public Dictionary<string, T[]> Run<T>(float[] x)
        where T : unmanaged
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(
            x, [.. InputShape.Select(d => (long)d)]);
        using var options = new RunOptions();
        string[] names = [.. session.OutputMetadata
            .Where(p => p.Value.ElementType == typeof(T)).Select(p => p.Key)];
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(
            options, [InputName], [input], names);
        return names.Zip(results).ToDictionary(
            p => p.First, p => p.Second.GetTensorDataAsSpan<T>().ToArray());
    }

    public void Dispose() => session.Dispose();
}
