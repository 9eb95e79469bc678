using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Quant;

/// <summary>
/// y[i] = clamp(roundEven(x[i] / scale) + zero) to uint8, scale = (max − min) / 255 over x and 0,
/// zero = roundEven(−min / scale). Every row gives the same bits. NaN counts as zero.
/// </summary>
/// <remarks>ONNX DynamicQuantizeLinear-11; all zeros have the scale 1, as in ONNX Runtime.
/// </remarks>
public static unsafe class DynamicQuantizeU8
{
    /// <summary>One implementation.</summary>
    public delegate (float Scale, byte Zero) Function(ReadOnlySpan<float> x, Span<byte> y);

    /// <summary>Fastest first.</summary>
    public static KernelRow<Function>[] Rows() =>
    [
        new("Vec128", Vector128.IsHardwareAccelerated, Vec128),
        new("Scalar", true, Scalar),
    ];

    static (float Scale, byte Zero) Scalar(ReadOnlySpan<float> x, Span<byte> y)
    {
        float low = 0, high = 0;
        Extend(x, ref low, ref high);
        (float scale, byte zero) = Of(low, high);
        Quantize(x, scale, zero, y);
        return (scale, zero);
    }

    static void Extend(ReadOnlySpan<float> x, ref float low, ref float high)
    {
        foreach (float value in x)
        {
            low = value < low ? value : low;
            high = value > high ? value : high;
        }
    }

    static (float Scale, byte Zero) Of(float low, float high)
    {
        float scale = low == high ? 1 : (high - low) / 255f;
        // Comparisons with NaN are false: what is no number becomes 0.
        float point = -low / scale;
        point = point > 255 ? 255 : point > 0 ? point : 0;
        return (scale, (byte)MathF.Round(point));
    }

    static void Quantize(ReadOnlySpan<float> x, float scale, byte zero, Span<byte> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            float value = x[i] / scale;
            value = value > 255 - zero ? 255 - zero : value;
            value = value < -zero ? -zero : value;
            value = float.IsNaN(value) ? 0 : value;
            y[i] = (byte)((int)MathF.Round(value) + zero);
        }
    }

    static (float Scale, byte Zero) Vec128(ReadOnlySpan<float> x, Span<byte> y)
    {
        int whole = x.Length & ~3;
        var least = Vector128<float>.Zero;
        var most = Vector128<float>.Zero;
        for (int i = 0; i < whole; i += 4)
        {
            var value = Vector128.Create(x[i..]);
            least = Vector128.ConditionalSelect(Vector128.LessThan(value, least), value, least);
            most = Vector128.ConditionalSelect(Vector128.GreaterThan(value, most), value, most);
        }

        float low = MathF.Min(
            MathF.Min(least[0], least[1]), MathF.Min(least[2], least[3]));
        float high = MathF.Max(MathF.Max(most[0], most[1]), MathF.Max(most[2], most[3]));
        Extend(x[whole..], ref low, ref high);
        (float scale, byte zero) = Of(low, high);
        var step = Vector128.Create(scale);
        var floor = Vector128.Create((float)-zero);
        var ceiling = Vector128.Create((float)(255 - zero));
        var offset = Vector128.Create((int)zero);
        fixed (byte* to = y)
        {
            for (int i = 0; i < whole; i += 4)
            {
                var value = Vector128.Create(x[i..]) / step;
                value = Vector128.ConditionalSelect(
                    Vector128.Equals(value, value), value, Vector128<float>.Zero);
                value = Vector128.Min(Vector128.Max(value, floor), ceiling);
                var q = Vector128.ConvertToInt32Native(Vector128.Round(value)) + offset;
                var words = Vector128.Narrow(q, q).AsUInt16();
                *(int*)(to + i) = Vector128.Narrow(words, words).AsInt32()[0];
            }
        }

        Quantize(x[whole..], scale, zero, y[whole..]);
        return (scale, zero);
    }
}
