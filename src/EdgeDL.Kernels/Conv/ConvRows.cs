using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Conv;

/// <summary>
/// Where the operands of one output position lie: as a pointer for each tap (implicit GEMM), or
/// copied side by side where a tap is too short to be worth a pointer or must be converted.
/// </summary>
static unsafe class ConvRows
{
    /// <summary>
    /// table[tap · step] = the input channels under that tap, or <paramref name="zero"/> outside.
    /// </summary>
    public static void Point<T>(
        in ConvShape s, T* input, T* zero, int row, T** table, int step)
        where T : unmanaged
    {
        if (s.IsPointwise)
        {
            table[0] = input + (nint)row * s.InChannels;
            return;
        }
        var at = Position.Of(s, row);
        for (int d = 0; d < s.KernelDepth; d++)
        {
            int z = Source(at.Depth, d, s.StrideDepth, s.DilationDepth, s.PadFront, s.InDepth);
            for (int h = 0; h < s.KernelHeight; h++)
            {
                int y = Source(
                    at.Height, h, s.StrideHeight, s.DilationHeight, s.PadTop, s.InHeight);
                T* line = input + Line(s, at.Batch, z, y) * s.InChannels;
                for (int w = 0; w < s.KernelWidth; w++)
                {
                    int x = Source(
                        at.Width, w, s.StrideWidth, s.DilationWidth, s.PadLeft, s.InWidth);
                    *table = (z | y | x) < 0 ? zero : line + (nint)x * s.InChannels;
                    table += step;
                }
            }
        }
    }

    /// <summary>The input position under an output row that nothing pads.</summary>
    public static nint First(in ConvShape s, int row)
    {
        var at = Position.Of(s, row);
        return Line(s, at.Batch, at.Depth * s.StrideDepth, at.Height * s.StrideHeight)
            + at.Width * s.StrideWidth;
    }

    /// <summary>y[0 .. Depth) = the operands in weight order, converted by the operator.</summary>
    public static void Gather<T, TTo, TCopy>(
        in ConvShape s, T* input, TTo outside, int row, TTo* y, TCopy copy)
        where T : unmanaged
        where TTo : unmanaged
        where TCopy : struct, IConvCopy<T, TTo>
    {
        int depth = s.GroupDepth;
        if (s.IsPointwise)
        {
            copy.Copy(input + (nint)row * s.InChannels, y, depth);
            return;
        }
        var at = Position.Of(s, row);
        for (int d = 0; d < s.KernelDepth; d++)
        {
            int z = Source(at.Depth, d, s.StrideDepth, s.DilationDepth, s.PadFront, s.InDepth);
            for (int h = 0; h < s.KernelHeight; h++)
            {
                int v = Source(
                    at.Height, h, s.StrideHeight, s.DilationHeight, s.PadTop, s.InHeight);
                if ((z | v) < 0)
                {
                    new Span<TTo>(y, s.KernelWidth * depth).Fill(outside);
                    y += s.KernelWidth * depth;
                    continue;
                }
                T* line = input + Line(s, at.Batch, z, v) * s.InChannels;
                y = s.HasContiguousWidth
                    ? GatherRun(s, line, at.Width, outside, y, copy)
                    : GatherTaps(s, line, at.Width, outside, y, copy);
            }
        }
    }

    /// <summary>
    /// y = the first <paramref name="pixels"/> of a padded input line, converted; a null
    /// <paramref name="line"/> is all padding.
    /// </summary>
    public static void Line<T, TTo, TCopy>(
        in ConvShape s, T* line, int pixels, TTo outside, TTo* y, TCopy copy)
        where T : unmanaged
        where TTo : unmanaged
        where TCopy : struct, IConvCopy<T, TTo>
    {
        int left = line == null ? pixels : Math.Clamp(s.PadLeft, 0, pixels);
        int skipped = Math.Clamp(-s.PadLeft, 0, s.InWidth);
        int inside = line == null ? 0 : Math.Min(s.InWidth - skipped, pixels - left);
        new Span<TTo>(y, left * s.InChannels).Fill(outside);
        y += (nint)left * s.InChannels;
        copy.Copy(line + (nint)skipped * s.InChannels, y, inside * s.InChannels);
        y += (nint)inside * s.InChannels;
        new Span<TTo>(y, (pixels - left - inside) * s.InChannels).Fill(outside);
    }

    static TTo* GatherRun<T, TTo, TCopy>(
        in ConvShape s, T* line, int width, TTo outside, TTo* y, TCopy copy)
        where T : unmanaged
        where TTo : unmanaged
        where TCopy : struct, IConvCopy<T, TTo>
    {
        int depth = s.InChannels;
        int first = width * s.StrideWidth - s.PadLeft;
        int left = Math.Clamp(-first, 0, s.KernelWidth);
        int right = Math.Clamp(s.InWidth - first, left, s.KernelWidth);
        if (left > 0)
        {
            new Span<TTo>(y, left * depth).Fill(outside);
        }
        if (right > left)
        {
            copy.Copy(
                line + (nint)(first + left) * depth, y + left * depth, (right - left) * depth);
        }
        if (s.KernelWidth > right)
        {
            new Span<TTo>(y + right * depth, (s.KernelWidth - right) * depth).Fill(outside);
        }
        return y + s.KernelWidth * depth;
    }

    static TTo* GatherTaps<T, TTo, TCopy>(
        in ConvShape s, T* line, int width, TTo outside, TTo* y, TCopy copy)
        where T : unmanaged
        where TTo : unmanaged
        where TCopy : struct, IConvCopy<T, TTo>
    {
        int depth = s.GroupDepth;
        for (int w = 0; w < s.KernelWidth; w++, y += depth)
        {
            int x = Source(width, w, s.StrideWidth, s.DilationWidth, s.PadLeft, s.InWidth);
            if (x < 0)
            {
                new Span<TTo>(y, depth).Fill(outside);
            }
            else
            {
                copy.Copy(line + (nint)x * s.InChannels, y, depth);
            }
        }
        return y;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static nint Line(in ConvShape s, int batch, int z, int y) =>
        (((nint)batch * s.InDepth + z) * s.InHeight + y) * s.InWidth;

    /// <summary>The input coordinate that a tap reads, or −1 where it reads padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Source(int output, int tap, int stride, int dilation, int pad, int length)
    {
        int at = output * stride - pad + tap * dilation;
        return (uint)at < (uint)length ? at : -1;
    }

    readonly record struct Position(int Batch, int Depth, int Height, int Width)
    {
        public static Position Of(in ConvShape s, int row)
        {
            (int rest, int width) = Math.DivRem(row, s.OutWidth);
            (rest, int height) = Math.DivRem(rest, s.OutHeight);
            (int batch, int depth) = Math.DivRem(rest, s.OutDepth);
            return new(batch, depth, height, width);
        }
    }
}

/// <summary>y[i] = convert(x[i]).</summary>
unsafe interface IConvCopy<T, TTo>
    where T : unmanaged
    where TTo : unmanaged
{
    void Copy(T* x, TTo* y, int count);
}
