using System.Runtime.CompilerServices;
using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>
/// y[p, c·m + j] = clamp(bias[c·m + j] + Σ_t x[p ⊕ t, c] · w[t, c·m + j]) for multiplier m. NHWC;
/// weights [taps][channels out].
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

        /// <summary>From <see cref="Row.Pack"/>.</summary>
        public float* Blocks;
        public float Min;
        public float Max;
    }

    /// <summary>Output lines [begin, end) of all batch items. Scratch belongs to the calling
    /// thread.</summary>
    public delegate void Work(in Args args, int begin, int end, byte* scratch);

    /// <summary>One instruction set's implementation, its packing and its needs.</summary>
    public sealed class Row : IKernelRow
    {
        readonly int columns;

        internal Row(string name, bool supported, int columns, Work run)
        {
            Name = name;
            IsSupported = supported;
            Run = run;
            this.columns = columns;
        }

        public string Name { get; }
        public bool IsSupported { get; }
        public Work Run { get; }

        public long PackedFloats(in ConvShape s) =>
            (long)PlanOf(s).Blocks * columns * (1 + s.Taps);

        /// <summary>What the packed bytes depend on.</summary>
        public PackedLayout Layout => new()
        {
            Kind = PackedKind.DepthwiseF32,
            Columns = (ushort)columns,
        };

        /// <summary>Weights [taps][channels] and bias [channels], or null, to blocks.</summary>
        public void Pack(in ConvShape s, float* weights, float* bias, float* blocks)
        {
            for (int first = 0; first < PlanOf(s).Blocks; first++)
            {
                for (int t = -1; t < s.Taps; t++)
                {
                    for (int j = 0; j < columns; j++)
                    {
                        int c = (int)(((long)first * columns + j) % s.OutChannels);
                        *blocks++ = t >= 0 ? weights[(nint)t * s.OutChannels + c]
                            : bias == null ? 0 : bias[c];
                    }
                }
            }
        }

        /// <summary>Bytes of scratch that each thread needs; 64-byte aligned.</summary>
        public long ScratchBytes(in ConvShape s) => PlanOf(s).ScratchBytes;

        public override string ToString() => Name;

        DepthwisePlan PlanOf(in ConvShape s) => DepthwisePlan.Of(s, columns, 1, sizeof(float));
    }

    /// <summary>Fastest first.</summary>
    public static Row[] Rows() =>
    [
        Make<DepthwiseTileF32.X86Avx2>("X86Avx2"),
        Make<DepthwiseTileF32.Vec128>("Vec128"),
        Make<DepthwiseTileF32.Scalar>("Scalar"),
    ];

    /// <summary>The first row that this CPU runs.</summary>
    public static Row Best() => Best(CpuTarget.This());

    /// <summary>The first row that a CPU of that kind runs.</summary>
    public static Row Best(CpuTarget target) => Array.Find(Rows(), target.Runs)!;

    static Row Make<TIsa>(string name)
        where TIsa : struct, IDepthwiseTileF32 =>
        new(name, TIsa.IsSupported, TIsa.Columns, Run<TIsa>);

    [SkipLocalsInit]
    static void Run<TIsa>(in Args args, int begin, int end, byte* scratch)
        where TIsa : struct, IDepthwiseTileF32
    {
        float* last = stackalloc float[TIsa.Columns];
        ref readonly ConvShape s = ref args.Shape;
        var plan = DepthwisePlan.Of(s, TIsa.Columns, 1, sizeof(float));
        var ring = new DepthwiseRing<float, float, ConvCopyF32>(s, plan, scratch, default);
        var line = new DepthwiseLineF32
        {
            Values = ring.Values,
            Taps = ring.Taps,
            TapCount = plan.Taps,
            IsThreeByThree = s.KernelHeight == 3 && s.KernelWidth == 3,
            Weights = args.Blocks,
            Blocks = plan.Blocks,
            Channels = s.OutChannels,
            Lanes = (nint)s.OutWidth * s.OutChannels,
            Min = args.Min,
            Max = args.Max,
        };
        nint whole = line.Lanes / TIsa.Columns;
        int rest = (int)(line.Lanes - whole * TIsa.Columns);
        for (int i = begin; i < end; i++)
        {
            (int item, int height) = Math.DivRem(i, s.OutHeight);
            ring.Enter(args.Input, item, height, 0);
            float* y = args.Output + i * line.Lanes;
            TIsa.Line(line, y);
            if (rest > 0)
            {
                nint lane = whole * TIsa.Columns;
                TIsa.Block(line, lane, (int)(whole % plan.Blocks), last);
                new ReadOnlySpan<float>(last, rest).CopyTo(new Span<float>(y + lane, rest));
            }
        }
    }
}
