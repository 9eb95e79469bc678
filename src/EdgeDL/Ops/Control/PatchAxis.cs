using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Where the window of a patch lies in a tensor along one axis: it begins at
/// origin · <paramref name="Scale"/> − <paramref name="Before"/>, origin being the patch's place in
/// the joined output, and may reach beyond the tensor at both ends.
/// </summary>
public readonly record struct PatchAxis(int Scale, int Before)
{
    const int Most = 1 << 20;

    internal static PatchAxis Read(ref AttributeReader a) =>
        new(a.Int(0, Most), a.Int(-Most, Most));

    internal void Write(ref AttributeWriter a)
    {
        a.Int(Scale);
        a.Int(Before);
    }

    /// <summary>The first position of the window; negative before the tensor.</summary>
    internal long Start(int origin) => ((long)origin * Scale) - Before;
}

/// <summary>What stands outside a tensor when a window reaches beyond it.</summary>
public enum BorderFill : byte
{
    /// <summary>Real zero, as a convolution pads.</summary>
    Zero = 0,

    /// <summary>The lowest number, as a maximum pads.</summary>
    Lowest = 1,
}

/// <summary>Elements that fill a border.</summary>
static unsafe class BorderFills
{
    public const int Count = 2;

    /// <summary>Throws unless <see cref="Element"/> knows the type.</summary>
    public static void Check(InferContext c, InferInput x)
    {
        if (x.DType is not (DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16)
            || x.Shape.Rank != 4 || x.Shape.Elements == 0)
        {
            c.Fail($"takes Float32, Int8, UInt8 or Int16 of rank 4 (NHWC), gets {x.DType} "
                + $"{x.Shape}");
        }
    }

    /// <summary>One element in memory of the session.</summary>
    public static byte* Element(PrepareContext c, in TensorView x, BorderFill fill)
    {
        if (fill == BorderFill.Zero)
        {
            return Pad.RealZero(c, x);
        }

        byte* element = c.Pack<byte>(8);
        *(int*)element = x.DType switch
        {
            DType.Int8 => sbyte.MinValue,
            DType.Int16 => short.MinValue,
            DType.UInt8 => 0,
            _ => BitConverter.SingleToInt32Bits(float.NegativeInfinity),
        };
        return element;
    }
}
