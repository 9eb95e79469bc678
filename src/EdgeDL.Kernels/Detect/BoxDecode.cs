using System.Runtime.InteropServices;

namespace EdgeDL.Kernels.Detect;

/// <summary>The divisors of centre-size box encodings.</summary>
public readonly record struct BoxScales(float Y, float X, float H, float W);

/// <summary>
/// Centre-size encodings against anchors to corners: centre = e / scale · anchor size + anchor
/// centre, size = exp(e / scale) · anchor size; in double, rounded to float where TensorFlow Lite
/// rounds.
/// </summary>
public static class BoxDecode
{
    /// <summary>
    /// encodings is [count, stride] with y, x, h, w first; anchors is [count, 4] with y, x, h, w.
    /// </summary>
    public static void Run(
        ReadOnlySpan<float> encodings, int stride, ReadOnlySpan<float> anchors, BoxScales scales,
        Span<Box> boxes)
    {
        for (int i = 0; i < boxes.Length; i++)
        {
            ReadOnlySpan<float> e = encodings.Slice(i * stride, 4);
            ReadOnlySpan<float> a = anchors.Slice(i * 4, 4);
            float y = (float)((double)e[0] / scales.Y * a[2] + a[0]);
            float x = (float)((double)e[1] / scales.X * a[3] + a[1]);
            float h = (float)(0.5 * Math.Exp((double)e[2] / scales.H) * a[2]);
            float w = (float)(0.5 * Math.Exp((double)e[3] / scales.W) * a[3]);
            boxes[i] = new Box(y - h, x - w, y + h, x + w);
        }
    }

    /// <summary>Boxes as a span of floats: y min, x min, y max, x max.</summary>
    public static Span<float> Floats(Span<Box> boxes) => MemoryMarshal.Cast<Box, float>(boxes);
}
