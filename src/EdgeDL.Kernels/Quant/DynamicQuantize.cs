using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Quant;

/// <summary>
/// y[i] = clamp(roundEven(x[i] / scale) + zero) to int8, the range taken from x: the smallest
/// and the largest value. NaN counts as zero.
/// </summary>
public static unsafe class DynamicQuantize
{
    /// <summary>One implementation.</summary>
    public delegate DynamicRange Function(ReadOnlySpan<float> x, Span<sbyte> y);

    /// <summary>Fastest first.</summary>
    public static KernelRow<Function>[] Rows() =>
    [
        new("Vec128", Vector128.IsHardwareAccelerated, Vec128),
        new("Scalar", true, Scalar),
    ];

    static DynamicRange Scalar(ReadOnlySpan<float> x, Span<sbyte> y)
    {
        float low = 0, high = 0;
        foreach (float value in x)
        {
            low = value < low ? value : low;
            high = value > high ? value : high;
        }
        var range = DynamicRange.Of(low, high);
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = One(x[i], range);
        }
        return range;
    }

    static sbyte One(float x, DynamicRange range)
    {
        float value = x * range.Inverse;
        // Comparisons with NaN are false: it falls through to 0.
        value = value > 127 - range.Zero ? 127 - range.Zero : value;
        value = value < -128 - range.Zero ? -128 - range.Zero : value;
        value = float.IsNaN(value) ? 0 : value;
        return (sbyte)((int)MathF.Round(value, MidpointRounding.ToEven) + range.Zero);
    }

    static DynamicRange Vec128(ReadOnlySpan<float> x, Span<sbyte> y)
    {
        var least = Vector128<float>.Zero;
        var most = Vector128<float>.Zero;
        int whole = x.Length & ~3;
        for (int i = 0; i < whole; i += 4)
        {
            var value = Vector128.Create(x[i..]);
            least = Vector128.ConditionalSelect(Vector128.LessThan(value, least), value, least);
            most = Vector128.ConditionalSelect(Vector128.GreaterThan(value, most), value, most);
        }
        float low = MathF.Min(
            MathF.Min(least[0], least[1]), MathF.Min(least[2], least[3]));
        float high = MathF.Max(MathF.Max(most[0], most[1]), MathF.Max(most[2], most[3]));
        for (int i = whole; i < x.Length; i++)
        {
            low = x[i] < low ? x[i] : low;
            high = x[i] > high ? x[i] : high;
        }
        var range = DynamicRange.Of(low, high);
        var inverse = Vector128.Create(range.Inverse);
        var floor = Vector128.Create((float)(-128 - range.Zero));
        var ceiling = Vector128.Create((float)(127 - range.Zero));
        var zero = Vector128.Create(range.Zero);
        fixed (sbyte* to = y)
        {
            for (int i = 0; i < whole; i += 4)
            {
                var value = Vector128.Create(x[i..]) * inverse;
                value = Vector128.Min(Vector128.Max(value, floor), ceiling);
                value = Vector128.ConditionalSelect(
                    Vector128.Equals(value, value), value, Vector128<float>.Zero);
                var q = Vector128.ConvertToInt32Native(Vector128.Round(value)) + zero;
                var words = Vector128.Narrow(q, q);
                *(int*)(to + i) = Vector128.Narrow(words, words).AsInt32()[0];
            }
        }
        for (int i = whole; i < x.Length; i++)
        {
            y[i] = One(x[i], range);
        }
        return range;
    }
}
