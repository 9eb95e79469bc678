using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Resize;

/// <summary>
/// y = bilinear interpolation of x at the taps of both axes. fp32 and int8, uint8 as XNNPACK
/// computes them (11-bit weights, one rounding), int16 as TensorFlow Lite's reference (10 bits).
/// </summary>
public static unsafe class BilinearResize
{
    /// <summary>Output rows begin to end − 1; x and y must not overlap.</summary>
    public delegate void Function<T>(
        in ResizeShape shape, ReadOnlySpan<Tap> rows, ReadOnlySpan<Tap> columns,
        ReadOnlySpan<T> x, Span<T> y, int begin, int end)
        where T : unmanaged;

    public static KernelRow<Function<float>>[] RowsF32() =>
    [
        new("vec128", Vector128.IsHardwareAccelerated, Run<float, Floats>),
        new("scalar", true, Run<float, ScalarFloats>),
    ];

    public static KernelRow<Function<sbyte>>[] RowsS8() =>
    [
        new("vec128", Vector128.IsHardwareAccelerated, Run<sbyte, SignedBytes>),
        new("scalar", true, Run<sbyte, Bytes<sbyte>>),
    ];

    public static KernelRow<Function<byte>>[] RowsU8() =>
    [
        new("vec128", Vector128.IsHardwareAccelerated, Run<byte, UnsignedBytes>),
        new("scalar", true, Run<byte, Bytes<byte>>),
    ];

    public static KernelRow<Function<short>>[] RowsS16() =>
        [new("scalar", true, Run<short, Shorts>)];

    /// <summary>The four pixels round one output pixel, and the two taps.</summary>
    readonly ref struct Quad<T>(T* topLeft, T* topRight, T* bottomLeft, T* bottomRight)
        where T : unmanaged
    {
        public readonly T* TopLeft = topLeft;
        public readonly T* TopRight = topRight;
        public readonly T* BottomLeft = bottomLeft;
        public readonly T* BottomRight = bottomRight;
    }

    interface IPixel<T>
        where T : unmanaged
    {
        /// <summary>y[0 … channels − 1] of one output pixel.</summary>
        static abstract void Pixel(in Quad<T> x, Tap row, Tap column, T* y, int channels);
    }

    static void Run<T, TPixel>(
        in ResizeShape shape, ReadOnlySpan<Tap> rows, ReadOnlySpan<Tap> columns,
        ReadOnlySpan<T> x, Span<T> y, int begin, int end)
        where T : unmanaged
        where TPixel : struct, IPixel<T>
    {
        shape.Check(x.Length, y.Length, begin, end);
        int channels = shape.Channels;
        nint rowLength = (nint)shape.InputWidth * channels;
        fixed (T* input = x, output = y)
        {
            T* target = output + (nint)begin * shape.OutputWidth * channels;
            for (int r = begin; r < end; r++)
            {
                int batch = r / shape.OutputHeight;
                Tap row = rows[r - batch * shape.OutputHeight];
                T* top = input + ((nint)batch * shape.InputHeight + row.First) * rowLength;
                T* bottom = input + ((nint)batch * shape.InputHeight + row.Second) * rowLength;
                for (int ox = 0; ox < shape.OutputWidth; ox++, target += channels)
                {
                    Tap column = columns[ox];
                    nint left = (nint)column.First * channels;
                    nint right = (nint)column.Second * channels;
                    var quad = new Quad<T>(top + left, top + right, bottom + left, bottom + right);
                    TPixel.Pixel(quad, row, column, target, channels);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static float Mix(float tl, float tr, float bl, float br, float down, float right)
    {
        float top = tl + (tr - tl) * right;
        float bottom = bl + (br - bl) * right;
        return top + (bottom - top) * down;
    }

    // |value| ≤ 255 · 2²², below 2³⁰, so the sums fit int32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int MixQ11(int tl, int tr, int bl, int br, int down, int right)
    {
        int top = (tl << 11) + (tr - tl) * right;
        int bottom = (bl << 11) + (br - bl) * right;
        return ((top << 11) + (bottom - top) * down + (1 << 21)) >> 22;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> MixQ11(
        Vector128<int> tl, Vector128<int> tr, Vector128<int> bl, Vector128<int> br,
        int down, int right)
    {
        Vector128<int> top = (tl << 11) + (tr - tl) * right;
        Vector128<int> bottom = (bl << 11) + (br - bl) * right;
        return ((top << 11) + (bottom - top) * down + Vector128.Create(1 << 21)) >> 22;
    }

    readonly struct ScalarFloats : IPixel<float>
    {
        public static void Pixel(in Quad<float> x, Tap row, Tap column, float* y, int channels)
        {
            for (int c = 0; c < channels; c++)
            {
                y[c] = Mix(
                    x.TopLeft[c], x.TopRight[c], x.BottomLeft[c], x.BottomRight[c],
                    row.Weight, column.Weight);
            }
        }
    }

    readonly struct Floats : IPixel<float>
    {
        public static void Pixel(in Quad<float> x, Tap row, Tap column, float* y, int channels)
        {
            int c = 0;
            for (; c <= channels - 4; c += 4)
            {
                Vector128<float> tl = Vector128.Load(x.TopLeft + c);
                Vector128<float> bl = Vector128.Load(x.BottomLeft + c);
                Vector128<float> top = tl + (Vector128.Load(x.TopRight + c) - tl) * column.Weight;
                Vector128<float> bottom =
                    bl + (Vector128.Load(x.BottomRight + c) - bl) * column.Weight;
                (top + (bottom - top) * row.Weight).Store(y + c);
            }

            for (; c < channels; c++)
            {
                y[c] = Mix(
                    x.TopLeft[c], x.TopRight[c], x.BottomLeft[c], x.BottomRight[c],
                    row.Weight, column.Weight);
            }
        }
    }

    readonly struct Bytes<T> : IPixel<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static void Pixel(in Quad<T> x, Tap row, Tap column, T* y, int channels) =>
            From(0, x, row, column, y, channels);

        public static void From(
            int first, in Quad<T> x, Tap row, Tap column, T* y, int channels)
        {
            int down = row.WeightQ11;
            int right = column.WeightQ11;
            for (int c = first; c < channels; c++)
            {
                y[c] = T.CreateTruncating(MixQ11(
                    int.CreateTruncating(x.TopLeft[c]), int.CreateTruncating(x.TopRight[c]),
                    int.CreateTruncating(x.BottomLeft[c]), int.CreateTruncating(x.BottomRight[c]),
                    down, right));
            }
        }
    }

    readonly struct SignedBytes : IPixel<sbyte>
    {
        public static void Pixel(in Quad<sbyte> x, Tap row, Tap column, sbyte* y, int channels)
        {
            int down = row.WeightQ11;
            int right = column.WeightQ11;
            int c = 0;
            for (; c <= channels - 8; c += 8)
            {
                Vector128<short> tl = Vector128.WidenLower(Load(x.TopLeft + c).AsSByte());
                Vector128<short> tr = Vector128.WidenLower(Load(x.TopRight + c).AsSByte());
                Vector128<short> bl = Vector128.WidenLower(Load(x.BottomLeft + c).AsSByte());
                Vector128<short> br = Vector128.WidenLower(Load(x.BottomRight + c).AsSByte());
                Store((byte*)y + c, Eight(tl, tr, bl, br, down, right));
            }

            Bytes<sbyte>.From(c, x, row, column, y, channels);
        }
    }

    readonly struct UnsignedBytes : IPixel<byte>
    {
        public static void Pixel(in Quad<byte> x, Tap row, Tap column, byte* y, int channels)
        {
            int down = row.WeightQ11;
            int right = column.WeightQ11;
            int c = 0;
            for (; c <= channels - 8; c += 8)
            {
                Vector128<short> tl = Vector128.WidenLower(Load(x.TopLeft + c)).AsInt16();
                Vector128<short> tr = Vector128.WidenLower(Load(x.TopRight + c)).AsInt16();
                Vector128<short> bl = Vector128.WidenLower(Load(x.BottomLeft + c)).AsInt16();
                Vector128<short> br = Vector128.WidenLower(Load(x.BottomRight + c)).AsInt16();
                Store(y + c, Eight(tl, tr, bl, br, down, right));
            }

            Bytes<byte>.From(c, x, row, column, y, channels);
        }
    }

    readonly struct Shorts : IPixel<short>
    {
        public static void Pixel(in Quad<short> x, Tap row, Tap column, short* y, int channels)
        {
            // Weights are multiples of 1/1024, exact in float.
            long down = (long)(row.Weight * 1024f);
            long right = (long)(column.Weight * 1024f);
            for (int c = 0; c < channels; c++)
            {
                long sum = x.TopLeft[c] * (1024 - down) * (1024 - right)
                    + x.BottomLeft[c] * down * (1024 - right)
                    + x.TopRight[c] * (1024 - down) * right
                    + x.BottomRight[c] * down * right;
                sum += sum > 0 ? 1 << 19 : -(1 << 19);
                y[c] = (short)(sum / (1 << 20));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<byte> Load<T>(T* x)
        where T : unmanaged => Vector128.CreateScalarUnsafe(*(ulong*)x).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(byte* y, Vector128<short> values) =>
        *(ulong*)y = Vector128.Narrow(values, values).AsUInt64().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<short> Eight(
        Vector128<short> tl, Vector128<short> tr, Vector128<short> bl, Vector128<short> br,
        int down, int right) => Vector128.Narrow(
            MixQ11(
                Vector128.WidenLower(tl), Vector128.WidenLower(tr),
                Vector128.WidenLower(bl), Vector128.WidenLower(br), down, right),
            MixQ11(
                Vector128.WidenUpper(tl), Vector128.WidenUpper(tr),
                Vector128.WidenUpper(bl), Vector128.WidenUpper(br), down, right));
}
