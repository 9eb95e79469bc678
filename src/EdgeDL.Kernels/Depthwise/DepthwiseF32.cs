using System.Runtime.CompilerServices;
using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>
/// y[p, c·m + j] = clamp(bias[c·m + j] + Σ_t x[p ⊕ t, c] · w[t, c·m + j]) for multiplier m. NHWC;
/// weights [taps][channels out], used where they lie.
/// </summary>
public static unsafe class DepthwiseF32
{
    /// <summary>Everything a run reads and writes. Addresses are the caller's.</summary>
    public struct Args
    {
        /// <summary>Groups = InChannels; OutChannels = InChannels · multiplier.</summary>
        public ConvShape Shape;
        public float* Input;
        public float* Output;
        public float* Weights;

        /// <summary>[OutChannels]</summary>
        public float* Bias;

        /// <summary>InChannels zeros.</summary>
        public float* Zeros;
        public float Min;
        public float Max;
    }

    /// <summary>Output positions [begin, end). Scratch belongs to the calling thread.</summary>
    public delegate void Work(in Args args, int begin, int end, byte* scratch);

    /// <summary>One instruction set's implementation.</summary>
    public sealed class Row
    {
        internal Row(string name, bool supported, Work run)
        {
            Name = name;
            IsSupported = supported;
            Run = run;
        }

        public string Name { get; }
        public bool IsSupported { get; }
        public Work Run { get; }

        /// <summary>Bytes of scratch that each thread needs; 64-byte aligned.</summary>
        public long ScratchBytes(in ConvShape s) =>
            DepthwisePlan.F32(s).ScratchBytes;

        public override string ToString() => Name;
    }

    /// <summary>Fastest first.</summary>
    public static Row[] Rows() =>
    [
        Make<DepthwiseTileF32.X86Avx2>("X86Avx2"),
        Make<DepthwiseTileF32.Vec128>("Vec128"),
        Make<DepthwiseTileF32.Scalar>("Scalar"),
    ];

    /// <summary>The first row that this CPU runs.</summary>
    public static Row Best() => Array.Find(Rows(), row => row.IsSupported)!;

    static Row Make<TIsa>(string name)
        where TIsa : struct, IDepthwiseTileF32 =>
        new(name, TIsa.IsSupported, Run<TIsa>);

    [SkipLocalsInit]
    static void Run<TIsa>(in Args args, int begin, int end, byte* scratch)
        where TIsa : struct, IDepthwiseTileF32
    {
        int channels = args.Shape.OutChannels;
        int columns = TIsa.Columns;
        var plan = DepthwisePlan.F32(args.Shape);
        float** table = (float**)scratch;
        float** expanded = (float**)(scratch + plan.TableBytes);
        float* rows = (float*)(scratch + 2 * plan.TableBytes);
        int multiplier = channels / args.Shape.InChannels;
        float** taps = plan.IsExpanded ? expanded : table;
        var walk = new DepthwiseWalk<float>(args.Shape, args.Input, args.Zeros, 0, table, begin);
        float* y = args.Output + (nint)begin * channels;
        for (int row = begin; row < end; row++, y += channels)
        {
            walk.Next();
            if (plan.IsExpanded)
            {
                walk.Expand(multiplier, rows, plan.RowStride, expanded);
            }
            int c = 0;
            for (; c <= channels - columns; c += columns)
            {
                TIsa.Block(
                    taps, plan.Taps, c, channels, args.Weights, args.Bias, y, args.Min, args.Max);
            }
            if (c < channels && channels >= columns)
            {
                // Overlaps the block before: the same values once more, and no tail.
                TIsa.Block(
                    taps, plan.Taps, channels - columns, channels, args.Weights, args.Bias, y,
                    args.Min, args.Max);
            }
            else
            {
                for (; c < channels; c++)
                {
                    TIsa.One(
                        taps, plan.Taps, c, channels, args.Weights, args.Bias, y, args.Min,
                        args.Max);
                }
            }
        }
    }
}
