namespace EdgeDL.Ops;

/// <summary>The shapes a gate's activation may have. The numbers are part of the file format.
/// </summary>
public enum GateKind
{
    /// <summary>1 / (1 + e^−x)</summary>
    Sigmoid = 0,
    Tanh = 1,
    Relu = 2,
    /// <summary>α·x + β</summary>
    Affine = 3,
    /// <summary>x where x ≥ 0, else α·x</summary>
    LeakyRelu = 4,
    /// <summary>x where x ≥ α, else 0</summary>
    ThresholdedRelu = 5,
    /// <summary>α·tanh(β·x)</summary>
    ScaledTanh = 6,
    /// <summary>α·x + β, kept in 0…1</summary>
    HardSigmoid = 7,
    /// <summary>x where x ≥ 0, else α·(eˣ − 1)</summary>
    Elu = 8,
    /// <summary>x / (1 + |x|)</summary>
    Softsign = 9,
    /// <summary>ln(1 + eˣ)</summary>
    Softplus = 10,
}

/// <summary>An activation of a recurrent layer with its parameters.</summary>
public readonly record struct GateFunction(GateKind Kind, float Alpha, float Beta)
{
    const int Kinds = 11;

    internal static GateFunction Read(ref AttributeReader a) =>
        new((GateKind)a.Enum(Kinds), a.Float(), a.Float());

    internal void Write(ref AttributeWriter a)
    {
        a.Byte((byte)Kind);
        a.Float(Alpha);
        a.Float(Beta);
    }

    /// <summary>f(x).</summary>
    public float Apply(float x) => Kind switch
    {
        GateKind.Sigmoid => 1f / (1f + MathF.Exp(-x)),
        GateKind.Tanh => MathF.Tanh(x),
        GateKind.Relu => MathF.Max(x, 0),
        GateKind.Affine => (Alpha * x) + Beta,
        GateKind.LeakyRelu => x < 0 ? Alpha * x : x,
        GateKind.ThresholdedRelu => x < Alpha ? 0 : x,
        GateKind.ScaledTanh => Alpha * MathF.Tanh(Beta * x),
        GateKind.HardSigmoid => Math.Clamp((Alpha * x) + Beta, 0f, 1f),
        GateKind.Elu => x < 0 ? Alpha * (MathF.Exp(x) - 1) : x,
        GateKind.Softsign => x / (1 + MathF.Abs(x)),
        // Past 20 the exponential adds nothing to an fp32 x, and further on overflows.
        _ => x > 20 ? x : MathF.Log(1 + MathF.Exp(x)),
    };
}
