using EdgeDL.Ops;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Activations that ONNX Runtime's optimizer fuses into other operators.</summary>
static class FusedActivation
{
    /// <summary>The value behind the activation of this name.</summary>
    public static int Add(NodeImport n, int value, string name)
    {
        float[] given = n.Floats("activation_params") ?? [];
        float Parameter(int i, string attribute, float otherwise) => n.HasAttribute(attribute)
            ? n.Float(attribute, otherwise)
            : i < given.Length ? given[i] : otherwise;
        Op? op = name switch
        {
            "" => null,
            "Relu" => new Relu(),
            "Tanh" => new Tanh(),
            "Sigmoid" => new Logistic(),
            "LeakyRelu" => new LeakyRelu(Parameter(0, "activation_alpha", 0.01f)),
            "Clip" => new Clip(
                Parameter(0, "activation_min", float.NegativeInfinity),
                Parameter(1, "activation_max", float.PositiveInfinity)),
            "HardSigmoid" => new HardSigmoid(
                Parameter(0, "activation_alpha", 0.2f), Parameter(1, "activation_beta", 0.5f)),
            _ => throw n.Unsupported($"it fuses the activation '{name}'",
                "export the model without fusions"),
        };
        return op is null ? value : n.Add(op, "activation", value);
    }
}
