using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What ops demand of their tensors' quantization.</summary>
static class Quantizations
{
    /// <summary>
    /// Throws unless output 0 has the quantization of input 0: for ops that pass integers on
    /// without rescaling them. Scales may differ by 10⁻⁶, as in TensorFlow Lite.
    /// </summary>
    public static void RequireSame(InferContext c)
    {
        Quantization? x = c.Input(0).Quant;
        Quantization? y = c.OutputQuant(0);
        if (x is null && y is null)
        {
            return;
        }

        if (x is null || y is null || !x.IsPerTensor || !y.IsPerTensor
            || x.ZeroPoint != y.ZeroPoint || MathF.Abs(x.Scale - y.Scale) > 1e-6f)
        {
            c.Fail($"takes and gives one quantization, the model says {Name(x)} and {Name(y)}");
        }
    }

    /// <summary>The per-tensor quantization of an integer tensor; throws if it has none.</summary>
    public static Quantization Require(InferContext c, Quantization? quant, DType type, string what)
    {
        if (quant is null || !quant.IsPerTensor)
        {
            c.Fail($"{what} is {type} and needs a per-tensor quantization, the model says "
                + Name(quant));
        }

        (int lo, int hi) = type switch
        {
            DType.UInt8 => (0, 255),
            DType.Int8 => (-128, 127),
            _ => (short.MinValue, (int)short.MaxValue),
        };
        if (quant.ZeroPoint < lo || quant.ZeroPoint > hi)
        {
            c.Fail($"{what}'s zero point {quant.ZeroPoint} is outside {type}");
        }

        return quant;
    }

    /// <summary>
    /// Throws unless factor · x's scale / y's scale stays below 2²⁹, which is as far as fixed-point
    /// arithmetic reaches.
    /// </summary>
    public static void RequireRatio(
        InferContext c, double factor, Quantization x, Quantization y)
    {
        if (!(factor * x.Scale / y.Scale < 1 << 29))
        {
            c.Fail($"scales {x.Scale} and {y.Scale} are too far apart");
        }
    }

    static string Name(Quantization? quant) => quant?.ToString() ?? "none";
}
