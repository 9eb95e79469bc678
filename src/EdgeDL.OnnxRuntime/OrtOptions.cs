namespace EdgeDL.OnnxRuntime;

/// <summary>How ONNX Runtime opens and runs a model.</summary>
public sealed record OrtOptions
{
    /// <summary>Threads that share the work of an operator, the caller included.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// True: all graph optimizations, which make integer arithmetic of quantized graphs. False:
    /// none; a QDQ graph is computed in fp32, operator for operator.
    /// </summary>
    public bool Optimize { get; init; } = true;

    /// <summary>
    /// True: sums of int8 products are exact, and int4 weights meet fp32 activations. False, the
    /// library's default: on x64 processors without VNNI it takes a faster instruction, whose sums
    /// of two products saturate, and rounds activations that meet int4 weights to int8.
    /// </summary>
    public bool ExactIntegers { get; init; }

    /// <summary>Where weights lie that the file keeps outside; null: nowhere.</summary>
    public string? Folder { get; init; }
}
