using EdgeDL.Kernels.MatMul;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Conv;

/// <summary>
/// y[p, o] = requantize(bias[o] + Σ (x[p ⊕ t, c] − zeroX) · (w[o, t, c] − zeroW)), int8 or uint8:
/// the implicit GEMM of <see cref="ConvF32"/> in wrapping int32, the same bits everywhere. With
/// <see cref="Args.Ranges"/>, x was quantized on the fly and y is fp32.
/// </summary>
/// <remarks>
/// uint8 operands are flipped into int8 (x ^ 0x80), zero points moving by −128. The input's zero
/// point is folded into the bias; the weights' costs one sum per row and is 0 for int8.
/// </remarks>
public static unsafe partial class ConvS8
{
    /// <summary>Everything a run reads and writes. Addresses are the caller's.</summary>
    public struct Args
    {
        public ConvShape Shape;
        public byte* Input;

        /// <summary>0x80 where the input is uint8, else 0.</summary>
        public byte InputFlip;

        /// <summary>The input's zero point as int8 (after the flip).</summary>
        public int InputZero;

        /// <summary>The weights' zero point as int8 (after the flip).</summary>
        public int WeightZero;

        /// <summary>The four below are from <see cref="Row.Pack"/>.</summary>
        public sbyte* Panels;
        public int* Bias;
        public int* Sums;
        public float* Scale;

        public byte* Output;
        public Requantize.Range Range;

        /// <summary>If not null, the accumulators themselves are the output.</summary>
        public int* OutputS32;

        /// <summary>One a batch item, or null: then the output is quantized.</summary>
        public DynamicRange* Ranges;
        public float* OutputF32;

        /// <summary>From <see cref="Row.PackBias"/>, or null.</summary>
        public float* BiasF32;
        public float Min;
        public float Max;

        /// <summary>Where the rows of a phase go.</summary>
        internal PhaseRows Rows;
    }

    /// <summary>
    /// Computes units [begin, end) × panels [panelBegin, panelEnd). Scratch belongs to the calling
    /// thread.
    /// </summary>
    public delegate void Work(
        in Args args, int begin, int end, int panelBegin, int panelEnd, byte* scratch);

    /// <summary>One instruction set's implementation, its packing and its needs.</summary>
    public abstract class Row : IKernelRow
    {
        internal Row(
            string name, bool supported, int rows, int columns, byte rowFlip, Work run)
        {
            Name = name;
            IsSupported = supported;
            TileRows = rows;
            TileColumns = columns;
            Run = run;
            RowFlip = rowFlip;
        }

        public string Name { get; }
        public bool IsSupported { get; }
        public int TileRows { get; }
        public int TileColumns { get; }
        public Work Run { get; }

        /// <summary>0x80 where rows are unsigned, which the bias makes up for.</summary>
        private protected byte RowFlip { get; }

        public int PanelCount(in ConvShape s) =>
            s.Groups * GemmS8.Panels(s.GroupColumns, TileColumns);

        /// <summary>Output channels after padding: the length of bias, sums and scale.</summary>
        public virtual int PackedColumns(in ConvShape s) => PanelCount(s) * TileColumns;

        /// <summary>What a run is cut into: output positions, or tiles of them.</summary>
        public abstract int Units(in ConvShape s);

        public abstract long PackedBytes(in ConvShape s);

        /// <summary>What the packed bytes depend on.</summary>
        public abstract PackedLayout Layout(in ConvShape s);

        /// <summary>
        /// Lays out weights [O][taps][I/groups] and folds zero points into the bias.
        /// </summary>
        /// <param name="args">Shape, zero points and the four destinations must be set.</param>
        /// <param name="weights">int8, or uint8 with <paramref name="flip"/> 0x80.</param>
        /// <param name="flip">0x80 where the weights are uint8, else 0.</param>
        /// <param name="bias">[O] or null.</param>
        /// <param name="scale">[O]: what one accumulator unit is worth.</param>
        public void Pack(in Args args, byte* weights, byte flip, int* bias, float* scale) =>
            Pack(args, weights, args.Shape.Depth, 1, flip, bias, scale);

        /// <summary>Weights at o · columnStride + k · depthStride, k over taps and depth.</summary>
        public abstract void Pack(
            in Args args, byte* weights, nint columnStride, nint depthStride, byte flip, int* bias,
            float* scale);

        /// <summary>Biases and scales beside sums that are packed.</summary>
        private protected void PackTerms(in Args args, int* bias, float* scale)
        {
            var s = args.Shape;
            int columns = s.GroupColumns;
            int padded = PackedColumns(s) / s.Groups;
            for (int g = 0; g < s.Groups; g++)
            {
                int* sums = args.Sums + (nint)g * padded;
                for (int j = 0; j < padded; j++)
                {
                    nint to = (nint)g * padded + j;
                    bool exists = j < columns;
                    int own = bias != null && exists ? bias[g * columns + j] : 0;
                    args.Scale[to] = exists ? scale[g * columns + j] : 0;
                    // A dynamic zero point is known only when running; the sums stay for it.
                    args.Bias[to] = args.Ranges != null
                        ? -RowFlip * sums[j]
                        : own + Folded(args, sums[j]);
                }
            }
        }

        /// <summary>The bias of packed columns that have none of their own, anew: for zero points
        /// that are known only when running.</summary>
        public void FoldZeros(in Args args, int columns)
        {
            for (int j = 0; j < columns; j++)
            {
                args.Bias[j] = Folded(args, args.Sums[j]);
            }
        }

        // −zeroX · Σ (w − zeroW), and what unsigned rows have too much.
        int Folded(in Args args, int sum) =>
            -args.InputZero * (sum - args.Shape.Depth * args.WeightZero) - RowFlip * sum;

        /// <summary>Lays an fp32 bias [O] out as the packed columns are.</summary>
        public void PackBias(in Args args, float* bias)
        {
            var s = args.Shape;
            int columns = s.GroupColumns;
            int padded = PanelCount(s) * TileColumns / s.Groups;
            for (int g = 0; g * padded < PackedColumns(s); g++)
            {
                new ReadOnlySpan<float>(bias + g % s.Groups * columns, columns)
                    .CopyTo(new Span<float>(args.BiasF32 + (nint)g * padded, padded));
            }
        }

        /// <summary>Bytes of scratch that each thread needs; 64-byte aligned.</summary>
        public abstract long ScratchBytes(in ConvShape s);

        public override string ToString() => Name;
    }

    sealed class DirectRow(
        string name, bool supported, int rows, int columns, int group, bool isWide, byte rowFlip,
        Work run)
        : Row(name, supported, rows, columns, rowFlip, run)
    {
        public override int Units(in ConvShape s) => s.Rows;

        public override int PackedColumns(in ConvShape s) =>
            checked(PanelCount(s) * TileColumns * Total(s).Blocks);

        public override long PackedBytes(in ConvShape s) =>
            (long)PanelCount(s) * TileColumns * Total(s).Depth;

        // A transposed convolution has a block for each phase that has taps, and one for the rest.
        (int Blocks, long Depth, int Taps) Total(in ConvShape s)
        {
            if (!s.Transposed)
            {
                ConvPlan own = PlanOf(s);
                return (1, own.PackedDepth, own.Taps);
            }
            var phases = new ConvPhases(s);
            ConvPlan plan = PlanOf(phases.Empty.Shape);
            var (blocks, depth, taps) = (1, (long)plan.PackedDepth, plan.Taps);
            for (int i = 0; i < phases.Count; i++)
            {
                if (!phases[i].IsEmpty)
                {
                    plan = PlanOf(phases[i].Shape);
                    blocks++;
                    depth += plan.PackedDepth;
                    taps += plan.Taps;
                }
            }
            return (blocks, depth, taps);
        }

        public override PackedLayout Layout(in ConvShape s) => new()
        {
            Kind = s.Transposed ? PackedKind.PhasesS8 : PackedKind.ConvS8,
            Columns = (ushort)TileColumns,
            Group = (ushort)group,
            Flip = RowFlip,
            Taps = Total(s).Taps,
        };

        public override void Pack(
            in Args args, byte* weights, nint columnStride, nint depthStride, byte flip, int* bias,
            float* scale)
        {
            var s = args.Shape;
            if (s.Transposed)
            {
                PackPhases(args, weights, columnStride, depthStride, flip, bias, scale);
                return;
            }
            var plan = PlanOf(s);
            int columns = s.GroupColumns;
            int padded = PackedColumns(s) / s.Groups;
            long groupBytes = PackedBytes(s) / s.Groups;
            for (int g = 0; g < s.Groups; g++)
            {
                GemmS8.Pack(
                    weights + (nint)g * columns * columnStride, columnStride, depthStride, flip,
                    columns, plan.Taps, plan.TapDepth, TileColumns, group,
                    args.Panels + g * groupBytes, args.Sums + (nint)g * padded);
            }
            PackTerms(args, bias, scale);
        }

        void PackPhases(
            in Args args, byte* weights, nint columnStride, nint depthStride, byte flip, int* bias,
            float* scale)
        {
            var phases = new ConvPhases(args.Shape);
            var walk = new PhaseWalk(args, phases.Empty, PlanOf(phases.Empty.Shape), TileColumns);
            for (int i = -1; i < phases.Count; i++)
            {
                ConvPhase phase = i < 0 ? phases.Empty : phases[i];
                if (i >= 0 && phase.IsEmpty)
                {
                    continue;
                }
                ConvPlan plan = PlanOf(phase.Shape);
                Args own = i < 0 ? walk.Empty : walk.Next(phase, plan);
                int columns = phase.Shape.GroupColumns;
                nint padded = PackedColumns(phase.Shape) / phase.Shape.Groups;
                for (int g = 0; g < phase.Shape.Groups; g++)
                {
                    GemmS8.PackPhase(
                        weights + (nint)g * columns * columnStride, columnStride, depthStride,
                        flip, columns, phase, phase.Shape.GroupDepth, plan.Taps, plan.TapDepth,
                        TileColumns, group, own.Panels + g * padded * plan.PackedDepth,
                        own.Sums + g * padded);
                }
                PackTerms(own, bias, scale);
            }
        }

        public override long ScratchBytes(in ConvShape s)
        {
            if (!s.Transposed)
            {
                return PlanOf(s).ScratchBytes;
            }
            var phases = new ConvPhases(s);
            long most = 0;
            for (int i = 0; i < phases.Count; i++)
            {
                most = Math.Max(most, PlanOf(phases[i].Shape).ScratchBytes);
            }
            return most;
        }

        ConvPlan PlanOf(in ConvShape s) => ConvS8.PlanOf(s, TileRows, group, isWide);
    }

    /// <summary>The arguments of each phase that has taps, one after the other.</summary>
    ref struct PhaseWalk
    {
        readonly nint columns;
        Args next;

        public PhaseWalk(in Args args, in ConvPhase empty, in ConvPlan plan, int tileColumns)
        {
            var s = args.Shape;
            columns = (nint)s.Groups * GemmS8.Panels(s.GroupColumns, tileColumns) * tileColumns;
            next = args;
            Empty = Next(empty, plan);
        }

        /// <summary>Of those that have none.</summary>
        public Args Empty { get; }

        public Args Next(in ConvPhase phase, in ConvPlan plan)
        {
            Args own = Of(phase, next);
            next.Panels += columns * plan.PackedDepth;
            next.Bias += columns;
            next.Sums += columns;
            next.Scale += columns;
            next.BiasF32 += next.BiasF32 == null ? 0 : columns;
            return own;
        }

        public static Args Of(in ConvPhase phase, Args packed)
        {
            packed.Shape = phase.Shape;
            packed.Rows = phase.Rows;
            return packed;
        }
    }

    /// <summary>Fastest first.</summary>
    public static Row[] Rows() =>
    [
        Make<GemmS8.X86Vnni>("X86Vnni"),
        Make<GemmS8.X86Avx512>("X86Avx512"),
        Make<GemmS8.X86Avx2>("X86Avx2"),
        Make<GemmS8.ArmI8mm>("ArmI8mm"),
        Make<GemmS8.ArmDp>("ArmDp"),
        Make<GemmS8.ArmNeon>("ArmNeon"),
        Make<GemmS8.Vec128>("Vec128"),
        Make<GemmS8.Scalar>("Scalar"),
    ];

    /// <summary>The first row that this CPU runs.</summary>
    public static Row Best() => Best(CpuTarget.This());

    /// <summary>The first row that a CPU of that kind runs.</summary>
    public static Row Best(CpuTarget target) => Array.Find(Rows(), target.Runs)!;

    internal static Row Make<TIsa>(string name)
        where TIsa : struct, IGemmS8 =>
        new DirectRow(
            name, TIsa.IsSupported, TIsa.Rows, TIsa.Columns, TIsa.Group, TIsa.IsWide, TIsa.Flip,
            Run<TIsa>);

    static ConvPlan PlanOf(in ConvShape s, int tileRows, int group, bool isWide) =>
        ConvPlan.Of(s, tileRows, group, isWide ? sizeof(short) : sizeof(sbyte), isConverted: true);
}
