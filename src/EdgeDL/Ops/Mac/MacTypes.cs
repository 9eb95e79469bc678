using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>The arithmetic of a multiply-accumulate op, given by its operands' types.</summary>
enum MacKind
{
    /// <summary>fp32 throughout.</summary>
    Float,

    /// <summary>int8 × int8 per-channel or uint8 × uint8, fp32 requantization.</summary>
    Byte,

    /// <summary>int16 activations × int8 weights, fixed-point requantization.</summary>
    Word,

    /// <summary>fp32 activations, quantized as they come, × int8 weights.</summary>
    Dynamic,
}

/// <summary>
/// What convolutions and fully connected layers demand of activations (input 0), weights (1) and
/// bias (2, may be left out).
/// </summary>
static class MacTypes
{
    // Kernels count bytes of one output's operands in int32.
    const int MaxDepth = 1 << 28;

    public static MacKind Kind(DType x, DType w) => (x, w) switch
    {
        (DType.Float32, DType.Float32) => MacKind.Float,
        (DType.Float32, DType.Int8 or DType.Int4) => MacKind.Dynamic,
        (DType.Int16, _) => MacKind.Word,
        _ => MacKind.Byte,
    };

    /// <summary>
    /// Checks types, quantization and bias of a node with <paramref name="channels"/> outputs that
    /// run along <paramref name="axis"/> of the weights.
    /// </summary>
    public static void Check(InferContext c, int channels, int axis, long depth)
    {
        c.Arity(2, 3, 1);
        InferInput x = c.Input(0);
        InferInput w = c.Input(1);
        if (depth > MaxDepth)
        {
            c.Fail($"sums {depth} products a value, at most {MaxDepth} are supported");
        }

        bool known = (x.DType, w.DType)
            is (DType.Float32, DType.Float32 or DType.Int8 or DType.Int4)
            or (DType.Int8, DType.Int8 or DType.Int4) or (DType.UInt8, DType.UInt8)
            or (DType.Int16, DType.Int8 or DType.Int4);
        if (!known)
        {
            c.Fail($"multiplies Float32 by Float32, Int8 or Int4, Int8 or Int16 by Int8 or Int4, "
                + $"and UInt8 by UInt8, not {x.DType} by {w.DType}");
        }

        if (w.DType == DType.Int4 && !w.IsConstant)
        {
            c.Fail("takes Int4 weights only as constants");
        }

        MacKind kind = Kind(x.DType, w.DType);
        CheckBias(c, kind, channels);
        if (kind == MacKind.Float)
        {
            return;
        }

        CheckWeights(c, w, channels, axis);
        if (kind != MacKind.Dynamic)
        {
            CheckActivations(c, x, w, channels, kind);
        }
    }

    static void CheckBias(InferContext c, MacKind kind, int channels)
    {
        if (!c.HasInput(2))
        {
            return;
        }

        InferInput bias = c.Input(2);
        bool fits = kind switch
        {
            MacKind.Byte => bias.DType == DType.Int32,
            MacKind.Word => bias.DType is DType.Int32 or DType.Int64,
            _ => bias.DType == DType.Float32,
        };
        if (!fits)
        {
            c.Fail($"bias is {bias.DType}, which does not go with {c.Input(0).DType} activations");
        }

        if (bias.Shape.Elements != channels)
        {
            c.Fail($"bias {bias.Shape} does not have one value for each of {channels} outputs");
        }
    }

    static void CheckWeights(InferContext c, InferInput w, int channels, int axis)
    {
        Quantization? quant = w.Quant;
        if (quant is null || quant.BlockSize != 0 || !(quant.IsPerTensor
            || (quant.Axis == axis && (quant.Scales.Length == channels
                || quant.Scales.Length == 1))))
        {
            c.Fail($"weights are {w.DType} and need one scale, or {channels} along axis {axis}; "
                + $"the model says {quant?.ToString() ?? "none"}");
        }

        bool isUnsigned = w.DType == DType.UInt8;
        foreach (int zero in quant.ZeroPoints)
        {
            if (isUnsigned ? zero is < 0 or > 255 : zero != 0)
            {
                c.Fail($"weights' zero point {zero} is not "
                    + (isUnsigned ? "a uint8" : "0, as signed weights need it"));
            }
        }

        if (isUnsigned && !quant.IsPerTensor)
        {
            c.Fail("UInt8 weights need one scale and zero point for all");
        }
    }

    static void CheckActivations(
        InferContext c, InferInput x, InferInput w, int channels, MacKind kind)
    {
        Quantization from = Quantizations.Require(c, x.Quant, x.DType, "input");
        Quantization to = Quantizations.Require(c, c.OutputQuant(0), x.DType, "output");
        if (kind == MacKind.Word && (from.ZeroPoint != 0 || to.ZeroPoint != 0))
        {
            c.Fail($"Int16 activations need zero points 0, not {from.ZeroPoint} and "
                + $"{to.ZeroPoint}");
        }

        for (int i = 0; i < w.Quant!.Scales.Length; i++)
        {
            // The bound that fixed-point multipliers have; a sane model is far below 1.
            double scale = (double)from.Scale * w.Quant.Scales[i] / to.Scale;
            if (!(scale < 1 << 20))
            {
                c.Fail($"channel {i} is rescaled by {scale:g4}, at most 2^20 is supported");
            }
        }
    }
}
