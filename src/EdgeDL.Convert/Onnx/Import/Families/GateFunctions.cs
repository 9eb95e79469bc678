using EdgeDL.Ops;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>The activations of recurrent operators, from names and lists of parameters.</summary>
static class GateFunctions
{
    /// <summary>The activations of all directions; parameters are taken from their lists in order,
    /// by those that have any.</summary>
    public static GateFunction[] Of(NodeImport n, string[] usual, int directions)
    {
        string[] names = n.Texts("activations")
            ?? [.. Enumerable.Repeat(usual, directions).SelectMany(u => u)];
        if (names.Length != usual.Length * directions)
        {
            throw n.Fail($"it names {names.Length} activations, "
                + $"{usual.Length * directions} are needed");
        }

        var alphas = new Queue<float>(n.Floats("activation_alpha") ?? []);
        var betas = new Queue<float>(n.Floats("activation_beta") ?? []);
        return [.. names.Select(name => Of(n, name, alphas, betas))];
    }

    static GateFunction Of(NodeImport n, string name, Queue<float> alphas, Queue<float> betas)
    {
        // Names are told apart without regard to case, as ONNX Runtime does.
        (GateKind kind, float? alpha, float? beta) = name.ToUpperInvariant() switch
        {
            "SIGMOID" => (GateKind.Sigmoid, (float?)null, (float?)null),
            "TANH" => (GateKind.Tanh, null, null),
            "RELU" => (GateKind.Relu, null, null),
            "AFFINE" => (GateKind.Affine, 1, 0),
            "LEAKYRELU" => (GateKind.LeakyRelu, 0.01f, null),
            "THRESHOLDEDRELU" => (GateKind.ThresholdedRelu, 1, null),
            "SCALEDTANH" => (GateKind.ScaledTanh, 1, 1),
            "HARDSIGMOID" => (GateKind.HardSigmoid, 0.2f, 0.5f),
            "ELU" => (GateKind.Elu, 1, null),
            "SOFTSIGN" => (GateKind.Softsign, null, null),
            "SOFTPLUS" => (GateKind.Softplus, null, null),
            _ => throw n.Fail($"there is no activation '{name}'"),
        };
        return new GateFunction(kind, Take(alphas, alpha), Take(betas, beta));
    }

    static float Take(Queue<float> given, float? otherwise) => otherwise is not { } usual ? 0
        : given.TryDequeue(out float value) ? value : usual;
}
