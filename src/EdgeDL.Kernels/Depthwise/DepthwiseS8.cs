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

        /// <summary>
        /// InChannels times the input's zero point, before the flip: what padding reads. With
        /// dynamic ranges one such row a batch item, <see cref="ZerosStride"/> apart.
        /// </summary>
        public byte* Zeros;
        public nint ZerosStride;

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
        public float* BiasF32;
        public float Min;
        public float Max;
    }

    /// <summary>Output positions [begin, end). Scratch belongs to the calling thread.</summary>
    public delegate void Work(in Args args, int begin, int end, byte* scratch);

    /// <summary>One instruction set's implementation, its packing and its needs.</summary>
    public sealed class Row
    {
        readonly int group;

        internal Row(string name, bool supported, int columns, int group, Work run)
        {
            Name = name;
            IsSupported = supported;
            Run = run;
            BlockColumns = columns;
            this.group = group;
        }

        public string Name { get; }
        public bool IsSupported { get; }
        public int BlockColumns { get; }
        public Work Run { get; }

        /// <summary>Length of bias, sums and scale: at least a block.</summary>
        public int PackedColumns(in ConvShape s) => Math.Max(s.OutChannels, BlockColumns);

        public int PackedShorts(in ConvShape s)
        {
            int blocks = (s.OutChannels + BlockColumns - 1) / BlockColumns;
            return blocks * BlockColumns * ((s.Taps + group - 1) / group * group);
        }

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
            for (int c = 0; c < PackedColumns(args.Shape); c++)
            {
                int sum = 0;
                for (int t = 0; c < channels && t < taps; t++)
                {
                    sum += (sbyte)(weights[t * channels + c] ^ flip) - weightZero;
                }
                int own = c < channels && bias != null ? bias[c] : 0;
                args.Sums[c] = sum;
                args.Scale[c] = c < channels ? scale[c] : 0;
                args.Bias[c] = args.Ranges != null ? 0 : own - args.InputZero * sum;
            }
            int paddedTaps = (taps + group - 1) / group * group;
            short* to = args.Blocks;
            for (int first = 0; first < channels; first += BlockColumns)
            {
                int start = Start(first, channels, BlockColumns);
                for (int t = 0; t < paddedTaps; t += group)
                {
                    for (int j = 0; j < BlockColumns * group; j++)
                    {
                        int c = start + j / group;
                        int tap = t + j % group;
                        *to++ = (short)(c < channels && tap < taps
                            ? (sbyte)(weights[tap * channels + c] ^ flip) - weightZero
                            : 0);
                    }
                }
            }
        }

        /// <summary>Bytes of scratch that each thread needs; 64-byte aligned.</summary>
        public long ScratchBytes(in ConvShape s) =>
            DepthwisePlan.S8(s, BlockColumns).ScratchBytes;

        public override string ToString() => Name;
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
    public static Row Best() => Array.Find(Rows(), row => row.IsSupported)!;

    static Row Make<TIsa>(string name)
        where TIsa : struct, IDepthwiseTileS8 =>
        new(name, TIsa.IsSupported, TIsa.Columns, TIsa.Group, Run<TIsa>);

    /// <summary>The last block starts early, so that it ends with the channels.</summary>
    static int Start(int first, int channels, int columns) =>
        Math.Max(0, Math.Min(first, channels - columns));

    [SkipLocalsInit]
    static void Run<TIsa>(in Args args, int begin, int end, byte* scratch)
        where TIsa : struct, IDepthwiseTileS8
    {
        int* acc = stackalloc int[TIsa.Columns];
        int channels = args.Shape.OutChannels;
        var plan = DepthwisePlan.S8(args.Shape, TIsa.Columns);
        int paddedTaps = (plan.Taps + TIsa.Group - 1) / TIsa.Group * TIsa.Group;
        byte** table = (byte**)scratch;
        byte** expanded = (byte**)(scratch + plan.TableBytes);
        byte* rows = scratch + 2 * plan.TableBytes;
        byte** taps = plan.IsExpanded ? expanded : table;
        int multiplier = channels / args.Shape.InChannels;
        int width = Math.Min(channels, TIsa.Columns);
        var walk = new DepthwiseWalk<byte>(
            args.Shape, args.Input, args.Zeros, args.ZerosStride, table, begin);
        nint y = (nint)begin * channels;
        for (int row = begin; row < end; row++, y += channels)
        {
            walk.Next();
            if (plan.IsExpanded)
            {
                walk.Expand(multiplier, rows, plan.RowStride, expanded);
            }
            // Its weights are zero; it only has to be readable.
            taps[plan.Taps] = taps[plan.Taps - 1];
            short* block = args.Blocks;
            for (int first = 0; first < channels; first += TIsa.Columns)
            {
                int c = Start(first, channels, TIsa.Columns);
                TIsa.Block(taps, paddedTaps, c, args.InputFlip, block, args.Bias + c, acc);
                block += paddedTaps * TIsa.Columns;
                if (args.Ranges == null)
                {
                    TIsa.Requantize(acc, args.Scale + c, width, args.Range, args.Output + y + c);
                }
                else
                {
                    Rescale.Run(
                        acc, args.Sums + c, args.Ranges[walk.Batch], args.Scale + c,
                        args.BiasF32 == null ? null : args.BiasF32 + c, width, args.Min, args.Max,
                        args.OutputF32 + y + c);
                }
            }
        }
    }
}
