using EdgeDL.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace EdgeDL.OnnxRuntime;

/// <summary>ONNX Runtime's library: its version, and what its models have in common.</summary>
public static class OrtLibrary
{
    /// <summary>The library's version.</summary>
    /// <exception cref="OrtException">The library is missing.</exception>
    public static string Version => Call("gives no version", OrtEnv.Instance().GetVersionString);

    /// <summary>A result of the library; what it throws as an exception of ours.</summary>
    /// <param name="failure">What it does if it throws: the middle of the message.</param>
    /// <exception cref="OrtException">The library is missing, or throws.</exception>
    internal static T Call<T>(string failure, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException
            or EntryPointNotFoundException)
        {
            throw OrtException.Missing(e);
        }
        catch (OnnxRuntimeException e)
        {
            throw OrtException.Failed(failure, e);
        }
    }

    internal static InferenceSession Open(byte[] onnx, OrtOptions options) =>
        Call("refuses the model", () =>
        {
            using SessionOptions settings = Settings(options);
            return new InferenceSession(onnx, settings);
        });

    internal static OrtPort Port(string name, NodeMetadata data) => data.IsTensor
        ? new OrtPort(name, ElementTypes.Of(data.ElementDataType), data.Dimensions)
        : new OrtPort(name, DType.None, []);

    static SessionOptions Settings(OrtOptions options)
    {
        var settings = new SessionOptions
        {
            GraphOptimizationLevel = options.Optimize
                ? GraphOptimizationLevel.ORT_ENABLE_ALL
                : GraphOptimizationLevel.ORT_DISABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = options.Threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        if (options.ExactIntegers)
        {
            settings.AddSessionConfigEntry("session.x64quantprecision", "1");
            settings.AddSessionConfigEntry("session.qdq_matmulnbits_accuracy_level", "1");
        }

        if (options.Folder is not null)
        {
            settings.AddSessionConfigEntry(
                "session.model_external_initializers_file_folder_path", options.Folder);
        }

        return settings;
    }
}
