using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>
/// y[l] = clamp(bias[l] + Σ_t values[taps[t] + l] · w[t, l]) for the lanes l of an output line. The
/// products are summed from zero: a large bias would round off each of them.
/// </summary>
unsafe interface IDepthwiseTileF32
{
    static abstract bool IsSupported { get; }

    /// <summary>Lanes of a block.</summary>
    static abstract int Columns { get; }

    /// <summary>One block of lanes from <paramref name="lane"/> on.</summary>
    static abstract void Block(in DepthwiseLineF32 line, nint lane, int block, float* y);

    /// <summary>All whole blocks of the line.</summary>
    static abstract void Line(in DepthwiseLineF32 line, float* y);
}

/// <summary>What an output line is made of.</summary>
unsafe struct DepthwiseLineF32
{
    public float* Values;
    public nint* Taps;
    public int TapCount;

    /// <summary>Taps are those of a 3×3 window.</summary>
    public bool IsThreeByThree;

    /// <summary>[blocks][1 + taps][Columns]: the bias first.</summary>
    public float* Weights;
    public int Blocks;

    /// <summary>Lanes of a position.</summary>
    public int Channels;

    /// <summary>Values of the line: width × channels.</summary>
    public nint Lanes;
    public float Min;
    public float Max;
}

static unsafe partial class DepthwiseTileF32
{
    internal readonly struct Scalar : IDepthwiseTileF32
    {
        public static bool IsSupported => true;
        public static int Columns => 1;

        public static void Block(in DepthwiseLineF32 line, nint lane, int block, float* y)
        {
            float* w = line.Weights + (nint)block * (1 + line.TapCount);
            float sum = 0;
            for (int t = 0; t < line.TapCount; t++)
            {
                sum += line.Values[line.Taps[t] + lane] * w[1 + t];
            }
            *y = MathF.Min(MathF.Max(sum + w[0], line.Min), line.Max);
        }

        public static void Line(in DepthwiseLineF32 line, float* y) =>
            BlockByBlock<Scalar>(line, y);
    }

    internal readonly struct Vec128 : IDepthwiseTileF32
    {
        public static bool IsSupported => Vector128.IsHardwareAccelerated;
        public static int Columns => 8;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Block(in DepthwiseLineF32 line, nint lane, int block, float* y)
        {
            float* x = line.Values + lane;
            float* w = line.Weights + (nint)block * (1 + line.TapCount) * 8;
            float* bias = w;
            // Copies: a caller's line may lie on the stack, and the loop should not go there.
            nint* taps = line.Taps, end = taps + line.TapCount;
            Vector128<float> s0 = default, s1 = default;
            for (; taps < end; taps++)
            {
                w += 8;
                float* tap = x + *taps;
                s0 = Vector128.MultiplyAddEstimate(Vector128.Load(tap), Vector128.Load(w), s0);
                s1 = Vector128.MultiplyAddEstimate(
                    Vector128.Load(tap + 4), Vector128.Load(w + 4), s1);
            }
            Vector128<float> low = Vector128.Create(line.Min), high = Vector128.Create(line.Max);
            s0 += Vector128.Load(bias);
            s1 += Vector128.Load(bias + 4);
            Vector128.Min(Vector128.Max(s0, low), high).Store(y);
            Vector128.Min(Vector128.Max(s1, low), high).Store(y + 4);
        }

        public static void Line(in DepthwiseLineF32 line, float* y) =>
            BlockByBlock<Vec128>(line, y);
    }

    static void BlockByBlock<TIsa>(in DepthwiseLineF32 line, float* y)
        where TIsa : struct, IDepthwiseTileF32
    {
        int block = 0;
        for (nint lane = 0; lane <= line.Lanes - TIsa.Columns; lane += TIsa.Columns)
        {
            TIsa.Block(line, lane, block, y + lane);
            block = block + 1 == line.Blocks ? 0 : block + 1;
        }
    }
}
