namespace EdgeDL.Ops;

/// <summary>What a recurrent cell puts its sums through. The numbers are part of the file
/// format.</summary>
public enum CellActivation
{
    None = 0,
    Relu = 1,
    /// <summary>Clamped to −1…1.</summary>
    ReluN1To1 = 2,
    /// <summary>Clamped to 0…6.</summary>
    Relu6 = 3,
    Tanh = 4,
    /// <summary>1 / (1 + e^−x).</summary>
    Logistic = 5,
}

/// <summary>Cell activations over spans.</summary>
static class CellActivations
{
    /// <summary>How many there are.</summary>
    public const int Count = 6;

    /// <summary>x = f(x).</summary>
    public static void Run(CellActivation f, Span<float> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = Apply(f, x[i]);
        }
    }

    /// <summary>f(x).</summary>
    public static float Apply(CellActivation f, float x) => f switch
    {
        CellActivation.Relu => MathF.Max(x, 0),
        CellActivation.ReluN1To1 => Math.Clamp(x, -1f, 1f),
        CellActivation.Relu6 => Math.Clamp(x, 0f, 6f),
        CellActivation.Tanh => MathF.Tanh(x),
        CellActivation.Logistic => 1f / (1f + MathF.Exp(-x)),
        _ => x,
    };
}
