using System.Runtime.CompilerServices;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>
/// y[p, o] = requantize(bias[o] + Σ_t (x[p ⊕ t, o / m] − zeroX) · (w[t, o] − zeroW)) for int8 and
/// uint8, multiplier m, in wrapping int32: the same bits everywhere. With
/// <see cref="Args.Ranges"/>, x was quantized on the fly and y is fp32.
/// </summary>
public static unsafe class DepthwiseS8
{
    /// <summary>Everything a run reads and writes. Addresses are the caller's.</summary>
    public struct Args
    {
        /// <summary>Groups = InChannels; OutChannels = InChannels · multiplier.</summary>
        public ConvShape Shape;
        public byte* Input;

        /// <summary>0x80 where the input is uint8, else 0.</summary>
        public byte InputFlip;

        /// <summary>The input's zero point as int8 (after the flip).</summary>
        public int InputZero;

        /// <summary>The four below are from <see cref="Row.Pack"/>.</summary>
        public short* Blocks;
        public int* Bias;
        public int* Sums;
        public float* Scale;

        public byte* Output;
        public Requantize.Range Range;

        /// <summary>One a batch item, or null: then the output is quantized.</summary>
        public DynamicRange* Ranges;
        public float* OutputF32;

        /// <summary>From <see cref="Row.PackBias"/>, or null.</summary>
        public float* BiasF32;
        public float Min;
        public float Max;
    }

    /// <summary>Output lines [begin, end) of all batch items. Scratch belongs to the calling
    /// thread.</summary>
    public delegate void Work(in Args args, int begin, int end, byte* scratch);

    /// <summary>One instruction set's implementation, its packing and its needs.</summary>
    public sealed class Row : IKernelRow
    {
        readonly int group;
        readonly int columns;
        readonly Func<int, int> lane;

        internal Row(
            string name, bool supported, int columns, int group, Func<int, int> lane, Work run)
        {
            Name = name;
            IsSupported = supported;
            Run = run;
            this.columns = columns;
            this.group = group;
            this.lane = lane;
        }

        public string Name { get; }
        public bool IsSupported { get; }
        public Work Run { get; }

        /// <summary>Length of bias, sums and scale.</summary>
        public long PackedColumns(in ConvShape s) => (long)PlanOf(s).Blocks * columns;

        public long PackedShorts(in ConvShape s) => PackedColumns(s) * PlanOf(s).Taps;

        /// <summary>What the packed bytes depend on.</summary>
        public PackedLayout Layout => new()
        {
            Kind = PackedKind.DepthwiseS8,
            Columns = (ushort)columns,
            Group = (ushort)group,
            Order = PackedLayout.OrderOf(columns, lane),
        };

        /// <summary>
        /// Weights [taps][channels] to blocks of (w − zero), and zero points into the bias.
        /// </summary>
        /// <param name="args">Shape, zero point and the four destinations must be set.</param>
        /// <param name="weights">int8, or uint8 with <paramref name="flip"/> 0x80.</param>
        /// <param name="flip">0x80 where the weights are uint8, else 0.</param>
        /// <param name="weightZero">The weights' zero point as int8 (after the flip).</param>
        /// <param name="bias">[channels] or null.</param>
        /// <param name="scale">[channels]: what one accumulator unit is worth.</param>
        public void Pack(
            in Args args, byte* weights, byte flip, int weightZero, int* bias, float* scale)
        {
            int channels = args.Shape.OutChannels;
            int taps = args.Shape.Taps;
            var plan = PlanOf(args.Shape);
            short* to = args.Blocks;
            for (int block = 0; block < plan.Blocks; block++)
            {
                for (int j = 0; j < columns; j++)
                {
                    nint at = (nint)block * columns + j;
                    int c = ChannelAt(block, j, channels);
                    int sum = 0;
                    for (int t = 0; t < taps; t++)
                    {
                        sum += (sbyte)(weights[t * channels + c] ^ flip) - weightZero;
                    }
                    args.Bias[at] = args.Ranges != null
                        ? 0
                        : (bias != null ? bias[c] : 0) - args.InputZero * sum;
                    // Sums go with accumulators in the order of lanes, and so does their scale.
                    int natural = (int)(at % channels);
                    args.Scale[at] = scale[args.Ranges != null ? natural : c];
                    sum = 0;
                    for (int t = 0; t < taps; t++)
                    {
                        sum += (sbyte)(weights[t * channels + natural] ^ flip) - weightZero;
                    }
                    args.Sums[at] = sum;
                }
                for (int t = 0; t < plan.Taps; t += group)
                {
                    for (int j = 0; j < columns * group; j++)
                    {
                        int c = ChannelAt(block, j / group, channels);
                        int tap = t + j % group;
                        *to++ = (short)(tap < taps
                            ? (sbyte)(weights[tap * channels + c] ^ flip) - weightZero
                            : 0);
                    }
                }
            }
        }

        /// <summary>Lays an fp32 bias [channels] out as the sums are.</summary>
        public void PackBias(in Args args, float* bias)
        {
            for (nint i = 0; i < PackedColumns(args.Shape); i++)
            {
                args.BiasF32[i] = bias[i % args.Shape.OutChannels];
            }
        }

        /// <summary>Bytes of scratch that each thread needs; 64-byte aligned.</summary>
        public long ScratchBytes(in ConvShape s) => PlanOf(s).ScratchBytes;

        public override string ToString() => Name;

        int ChannelAt(int block, int position, int channels) =>
            (int)(((long)block * columns + lane(position)) % channels);

        DepthwisePlan PlanOf(in ConvShape s) => DepthwisePlan.Of(s, columns, group, sizeof(short));
    }

    /// <summary>Fastest first.</summary>
    public static Row[] Rows() =>
    [
        Make<DepthwiseTileS8.X86Avx2>("X86Avx2"),
        Make<DepthwiseTileS8.ArmNeon>("ArmNeon"),
        Make<DepthwiseTileS8.Vec128>("Vec128"),
        Make<DepthwiseTileS8.Scalar>("Scalar"),
    ];

    /// <summary>The first row that this CPU runs.</summary>
    public static Row Best() => Best(CpuTarget.This());

    /// <summary>The first row that a CPU of that kind runs.</summary>
    public static Row Best(CpuTarget target) => Array.Find(Rows(), target.Runs)!;

    static Row Make<TIsa>(string name)
        where TIsa : struct, IDepthwiseTileS8 =>
        new(name, TIsa.IsSupported, TIsa.Columns, TIsa.Group, TIsa.Lane, Run<TIsa>);

    static void Run<TIsa>(in Args args, int begin, int end, byte* scratch)
        where TIsa : struct, IDepthwiseTileS8
    {
        ref readonly ConvShape s = ref args.Shape;
        var plan = DepthwisePlan.Of(s, TIsa.Columns, TIsa.Group, sizeof(short));
        var ring = new DepthwiseRing<byte, short, ConvCopyS8Wide>(
            s, plan, scratch, new ConvCopyS8Wide(args.InputFlip));
        var line = new DepthwiseLineS8
        {
            Values = ring.Values,
            Taps = ring.Taps,
            TapCount = plan.Taps,
            IsThreeByThree = s.KernelHeight == 3 && s.KernelWidth == 3,
            Weights = args.Blocks,
            Bias = args.Bias,
            Scale = args.Scale,
            Blocks = plan.Blocks,
            Channels = s.OutChannels,
            Lanes = (nint)s.OutWidth * s.OutChannels,
            Range = args.Range,
        };
        for (int i = begin; i < end; i++)
        {
            (int item, int height) = Math.DivRem(i, s.OutHeight);
            int zero = args.Ranges == null ? args.InputZero : args.Ranges[item].Zero;
            ring.Enter(args.Input, item, height, (short)zero);
            if (args.Ranges == null)
            {
                TIsa.Line(line, args.Output + i * line.Lanes);
            }
            else
            {
                Dynamic<TIsa>(args, line, args.Ranges[item], args.OutputF32 + i * line.Lanes);
            }
        }
    }

    static void Dynamic<TIsa>(
        in Args args, in DepthwiseLineS8 line, DynamicRange range, float* y)
        where TIsa : struct, IDepthwiseTileS8
    {
        int* acc = stackalloc int[TIsa.Columns];
        int block = 0;
        for (nint lane = 0; lane < line.Lanes; lane += TIsa.Columns)
        {
            TIsa.Block(line, lane, block, acc);
            nint at = (nint)block * TIsa.Columns;
            Rescale.Run(
                acc, args.Sums + at, range, args.Scale + at,
                args.BiasF32 == null ? null : args.BiasF32 + at,
                (int)Math.Min(TIsa.Columns, line.Lanes - lane), args.Min, args.Max, y + lane);
            block = block + 1 == line.Blocks ? 0 : block + 1;
        }
    }
}
