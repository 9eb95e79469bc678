using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Recurrent;

/// <summary>
/// The elementwise steps of the integer LSTM (8-bit activations and weights, 16-bit cell), as
/// TensorFlow Lite defines them.
/// </summary>
public static class FixedCell
{
    /// <summary>y[i] = clamp(y[i] + acc[i] · scale + zero) to 16 bits.</summary>
    public static void Accumulate(
        ReadOnlySpan<int> acc, int multiplier, int shift, Span<short> y)
    {
        for (int i = 0; i < acc.Length; i++)
        {
            int value = FixedPoint.MultiplyByQuantizedMultiplier(acc[i], multiplier, shift);
            y[i] = Saturate(value + y[i]);
        }
    }

    /// <summary>y[i] = clamp(acc[i] · scale + zero) to 8 bits.</summary>
    public static void Project(
        ReadOnlySpan<int> acc, int multiplier, int shift, int zero, Span<sbyte> y)
    {
        for (int i = 0; i < acc.Length; i++)
        {
            int value = FixedPoint.MultiplyByQuantizedMultiplier(acc[i], multiplier, shift);
            y[i] = (sbyte)Math.Clamp(value + zero, sbyte.MinValue, sbyte.MaxValue);
        }
    }

    /// <summary>y[i] = clamp(y[i] + a[i] · b[i] · scale): a peephole.</summary>
    public static void AccumulateProduct(
        ReadOnlySpan<short> a, ReadOnlySpan<short> b, int multiplier, int shift, Span<short> y)
    {
        for (int i = 0; i < a.Length; i++)
        {
            int value = FixedPoint.MultiplyByQuantizedMultiplier(a[i] * b[i], multiplier, shift);
            y[i] = Saturate(value + y[i]);
        }
    }

    /// <summary>
    /// cell = clamp(forget·cell / 2¹⁵ + input·update / 2^updateShift), each quotient rounded, then
    /// clipped to ±clip if clip is positive.
    /// </summary>
    public static void Update(
        ReadOnlySpan<short> forget, ReadOnlySpan<short> input, ReadOnlySpan<short> update,
        int updateShift, int clip, Span<short> cell)
    {
        for (int i = 0; i < cell.Length; i++)
        {
            int kept = (short)FixedPoint.RoundingDivideByPowerOfTwo(forget[i] * cell[i], 15);
            int added = (short)FixedPoint.RoundingDivideByPowerOfTwo(
                input[i] * update[i], updateShift);
            int value = Saturate(kept + added);
            cell[i] = (short)(clip > 0 ? Math.Clamp(value, -clip, clip) : value);
        }
    }

    /// <summary>y[i] = clamp(a[i] · b[i] · scale + zero) to 8 bits.</summary>
    public static void Hidden(
        ReadOnlySpan<short> a, ReadOnlySpan<short> b, int multiplier, int shift, int zero,
        Span<sbyte> y)
    {
        for (int i = 0; i < a.Length; i++)
        {
            int value = FixedPoint.MultiplyByQuantizedMultiplier(a[i] * b[i], multiplier, shift);
            y[i] = (sbyte)Math.Clamp(value + zero, sbyte.MinValue, sbyte.MaxValue);
        }
    }

    /// <summary>y[i] = 32767 − x[i]: the input gate that is coupled to the forget gate.</summary>
    public static void OneMinus(ReadOnlySpan<short> x, Span<short> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = (short)(short.MaxValue - x[i]);
        }
    }

    static short Saturate(int x) => (short)Math.Clamp(x, short.MinValue, short.MaxValue);
}
