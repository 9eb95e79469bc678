using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Conv;

/// <summary>
/// y[p, o] = clamp(multiply(bias[o] + Σ x[p ⊕ t, c] · w[o, t, c])) for int16 activations and int8
/// weights, zero points 0: TensorFlow Lite's 16×8 scheme, exact sums and fixed-point rescaling.
/// </summary>
public static unsafe class ConvS16
{
    /// <summary>Everything a run reads and writes. Addresses are the caller's.</summary>
    public struct Args
    {
        public ConvShape Shape;
        public short* Input;
        public short* Output;

        /// <summary>Weight k of output o is at o · ColumnStride + k · DepthStride.</summary>
        public sbyte* Weights;
        public nint ColumnStride;
        public nint DepthStride;

        /// <summary>[O] or null. With int32 biases sums wrap and are rescaled in 32 bits.</summary>
        public int* Bias32;

        /// <summary>[O] or null.</summary>
        public long* Bias64;

        /// <summary>[O]: mantissa and shift of <see cref="FixedPoint"/>.</summary>
        public int* Multipliers;
        public int* Shifts;
        public int Min;
        public int Max;
    }

    /// <summary>Output positions [begin, end); scratch of <see cref="ScratchBytes"/>.</summary>
    public delegate void Work(in Args args, int begin, int end, byte* scratch);

    /// <summary>Fastest first.</summary>
    public static KernelRow<Work>[] Rows() =>
    [
        new("Vec128", Vector128.IsHardwareAccelerated, Run<Vec128>),
        new("Scalar", true, Run<Scalar>),
    ];

    /// <summary>One gathered row.</summary>
    public static long ScratchBytes(in ConvShape s) => 2L * s.Depth;

    static void Run<TDot>(in Args args, int begin, int end, byte* scratch)
        where TDot : struct, IDot
    {
        if (!args.Shape.Transposed)
        {
            // All taps are one, where they lie.
            RunPhase<TDot>(
                args, args.Shape, default, default, 1, args.Shape.Depth, begin, end, scratch);
            return;
        }
        var phases = new ConvPhases(args.Shape);
        for (int i = 0, before = 0; i < phases.Count; i++)
        {
            ConvPhase phase = phases[i];
            (int from, int to) = phase.Cut(begin, end, before);
            RunPhase<TDot>(
                args, phase.Shape, phase.Rows, phase.Taps, phase.IsEmpty ? 0 : phase.Taps.Count,
                phase.Shape.GroupDepth, from, to, scratch);
            before += phase.Shape.Rows;
        }
    }

    static void RunPhase<TDot>(
        in Args args, in ConvShape s, in PhaseRows rows, in PhaseTaps taps, int tapCount,
        int tapDepth, int begin, int end, byte* scratch)
        where TDot : struct, IDot
    {
        short* gathered = (short*)scratch;
        for (int row = begin; row < end; row++)
        {
            short* y = args.Output + rows[row] * s.OutChannels;
            for (int g = 0; g < s.Groups; g++)
            {
                ConvRows.Gather(
                    s, args.Input + g * s.GroupDepth, (short)0, row, gathered, default(Copy));
                for (int j = 0; j < s.GroupColumns; j++)
                {
                    int o = g * s.GroupColumns + j;
                    long sum = 0;
                    for (int t = 0; t < tapCount; t++)
                    {
                        short* x = gathered + t * tapDepth;
                        sbyte* w = args.Weights + o * args.ColumnStride
                            + (nint)taps[t] * tapDepth * args.DepthStride;
                        sum += args.DepthStride == 1
                            ? TDot.Dot(x, w, tapDepth)
                            : Strided(x, w, args.DepthStride, tapDepth);
                    }
                    y[o] = (short)Finish(args, o, sum);
                }
            }
        }
    }

    internal static int Finish(in Args args, int o, long sum)
    {
        int value = args.Bias32 != null
            ? FixedPoint.MultiplyByQuantizedMultiplier(
                (int)sum + args.Bias32[o], args.Multipliers[o], args.Shifts[o])
            : FixedPoint.MultiplyByQuantizedMultiplier(
                sum + (args.Bias64 != null ? args.Bias64[o] : 0), args.Multipliers[o],
                args.Shifts[o]);
        return Math.Min(Math.Max(value, args.Min), args.Max);
    }

    static long Strided(short* x, sbyte* w, nint stride, int count)
    {
        long sum = 0;
        for (nint k = 0; k < count; k++)
        {
            sum += x[k] * w[k * stride];
        }
        return sum;
    }

    readonly struct Copy : IConvCopy<short, short>
    {
        void IConvCopy<short, short>.Copy(short* x, short* y, int count) =>
            new ReadOnlySpan<short>(x, count).CopyTo(new Span<short>(y, count));
    }

    interface IDot
    {
        static abstract long Dot(short* x, sbyte* w, int count);
    }

    readonly struct Scalar : IDot
    {
        public static long Dot(short* x, sbyte* w, int count) => Strided(x, w, 1, count);
    }

    readonly struct Vec128 : IDot
    {
        // |x · w| ≤ 2²²; a lane takes two products a step, so 255 steps stay below 2³¹.
        const int StepsPerBlock = 255;

        public static long Dot(short* x, sbyte* w, int count)
        {
            var total = Vector128<long>.Zero;
            int i = 0;
            while (i <= count - 8)
            {
                var sum = Vector128<int>.Zero;
                int end = (int)Math.Min(count - 8, i + 8L * (StepsPerBlock - 1));
                for (; i <= end; i += 8)
                {
                    var (a0, a1) = Vector128.Widen(Vector128.Load(x + i));
                    var narrow = Vector128.WidenLower(
                        Vector128.CreateScalarUnsafe(*(long*)(w + i)).AsSByte());
                    var (b0, b1) = Vector128.Widen(narrow);
                    sum += a0 * b0 + a1 * b1;
                }
                var (low, high) = Vector128.Widen(sum);
                total += low + high;
            }
            return Vector128.Sum(total) + Strided(x + i, w + i, 1, count - i);
        }
    }
}
