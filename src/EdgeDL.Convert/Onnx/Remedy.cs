namespace EdgeDL.Convert.Onnx;

/// <summary>What would work instead of an operator that EdgeDL does not have.</summary>
static class Remedy
{
    const string General =
        "export the model without them, or run it with ONNX Runtime";

    /// <summary>Half a sentence for messages.</summary>
    public static string For(string domain, string op) => (domain, op) switch
    {
        ("", "StringNormalizer" or "StringConcat" or "StringSplit" or "RegexFullMatch"
            or "LabelEncoder") =>
            "turn text into numbers before the model",
        ("", "Bernoulli" or "RandomNormal" or "RandomNormalLike" or "RandomUniform"
            or "RandomUniformLike" or "Multinomial") =>
            "draw random numbers outside and make them an input",
        ("", "ImageDecoder") => "decode pictures outside: edgedl run does",
        ("ai.onnx.preview.training" or "ai.onnx.training", _) =>
            "export the model for inference; training on the device builds its own graph",
        ("ai.onnx.ml", _) => "export the estimator as a neural network",
        _ => General,
    };
}
