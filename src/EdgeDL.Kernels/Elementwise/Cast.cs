using System.Numerics;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>The upper half of a float: eight bits of exponent, seven of fraction.</summary>
public readonly record struct BFloat16Bits(ushort Bits)
{
    public float Value => BitConverter.Int32BitsToSingle(Bits << 16);

    /// <summary>The nearest, halves to even; NaN stays one.</summary>
    public static BFloat16Bits Of(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
        return new((ushort)(float.IsNaN(value) ? (bits >> 16) | 0x40 : rounded));
    }
}

/// <summary>
/// Elements of any type to the widest of their kind, long or double, and back. What has no vector
/// form is computed there: a loop a type, not one for each pair of types or for each function.
/// Floats become integers by dropping the fraction, with the nearest end for what is out of range
/// and 0 for NaN; integers become narrower ones by dropping high bits; anything but zero is true.
/// </summary>
public static unsafe class Cast
{
    /// <summary>wide[i] = x[i] for integers and truth values.</summary>
    public static void Widen<T>(byte* x, int count, long* wide)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < count; i++)
        {
            wide[i] = long.CreateTruncating(((T*)x)[i]);
        }
    }

    /// <summary>wide[i] = x[i].</summary>
    public static void Widen<T>(byte* x, int count, double* wide)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < count; i++)
        {
            wide[i] = double.CreateTruncating(((T*)x)[i]);
        }
    }

    /// <summary>y[i] = wide[i], high bits dropped.</summary>
    public static void Narrow<T>(long* wide, int count, byte* y)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < count; i++)
        {
            ((T*)y)[i] = T.CreateTruncating(wide[i]);
        }
    }

    /// <summary>y[i] = wide[i]; integers saturate.</summary>
    public static void Narrow<T>(double* wide, int count, byte* y)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < count; i++)
        {
            ((T*)y)[i] = T.CreateSaturating(wide[i]);
        }
    }

    public static void WidenTruth(byte* x, int count, long* wide)
    {
        for (int i = 0; i < count; i++)
        {
            wide[i] = x[i] != 0 ? 1 : 0;
        }
    }

    public static void WidenTruth(byte* x, int count, double* wide)
    {
        for (int i = 0; i < count; i++)
        {
            wide[i] = x[i] != 0 ? 1 : 0;
        }
    }

    public static void NarrowTruth(long* wide, int count, byte* y)
    {
        for (int i = 0; i < count; i++)
        {
            y[i] = wide[i] != 0 ? (byte)1 : (byte)0;
        }
    }

    public static void NarrowTruth(double* wide, int count, byte* y)
    {
        for (int i = 0; i < count; i++)
        {
            // NaN is not zero.
            y[i] = wide[i] == 0 ? (byte)0 : (byte)1;
        }
    }

    public static void WidenBFloat16(byte* x, int count, double* wide)
    {
        for (int i = 0; i < count; i++)
        {
            wide[i] = ((BFloat16Bits*)x)[i].Value;
        }
    }

    public static void NarrowBFloat16(double* wide, int count, byte* y)
    {
        for (int i = 0; i < count; i++)
        {
            ((BFloat16Bits*)y)[i] = BFloat16Bits.Of((float)wide[i]);
        }
    }
}
