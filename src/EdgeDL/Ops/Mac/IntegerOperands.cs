using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Operands 0 and 1 of 8 bits with zero points (inputs 2 and 3, one number each, may be left out),
/// which may be computed while the model runs.
/// </summary>
static unsafe class IntegerOperands
{
    /// <summary>Checks types and zero points.</summary>
    public static void Check(InferContext c)
    {
        c.Arity(2, 4, 1);
        for (int i = 0; i < 2; i++)
        {
            DType type = c.Input(i).DType;
            if (type is not (DType.Int8 or DType.UInt8))
            {
                c.Fail($"multiplies Int8 and UInt8, not {c.Input(0).DType} by {c.Input(1).DType}");
            }

            if (c.HasInput(i + 2)
                && (c.Input(i + 2).DType != type || c.Input(i + 2).Shape.Elements != 1))
            {
                c.Fail($"the zero point of input {i} is {c.Input(i + 2).DType} "
                    + $"{c.Input(i + 2).Shape}, not one {type}");
            }
        }
    }

    /// <summary>0x80 where an operand is uint8: the kernels' operands are int8.</summary>
    public static byte Flip(TensorView operand) =>
        operand.DType == DType.UInt8 ? (byte)0x80 : (byte)0;

    /// <summary>Where the zero point of operand <paramref name="i"/> is; null for none.</summary>
    public static byte* Zero(PrepareContext c, int i) =>
        c.HasInput(i + 2) ? c.Input(i + 2).Data : null;

    /// <summary>The zero point that is there now, after the flip.</summary>
    public static int Zero(byte* zero, byte flip) =>
        flip != 0 ? (zero == null ? 0 : *zero) - 128 : zero == null ? 0 : (sbyte)*zero;
}
