namespace EdgeDL.OnnxRuntime;

/// <summary>ONNX Runtime is missing, or refuses a model or its inputs.</summary>
public sealed class OrtException : EdgeDLException
{
    public OrtException(string message)
        : base(message)
    {
    }

    public OrtException(string message, Exception inner)
        : base(message, inner)
    {
    }

    internal static OrtException Missing(Exception inner) => new(
        "ONNX Runtime: libonnxruntime.so can't be loaded; put it beside the program, where "
            + "tools/build leaves it",
        inner);

    internal static OrtException Failed(string what, Exception inner) => new(
        $"ONNX Runtime {what}: {inner.Message.ReplaceLineEndings(" ").Trim()}", inner);
}
