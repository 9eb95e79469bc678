using System.Runtime.CompilerServices;
using EdgeDL.Kernels.MatMul;

namespace EdgeDL.Kernels.Conv;

/// <summary>
/// y[p, o] = clamp(bias[o] + Σ_t Σ_c x[p ⊕ t, c] · w[o, t, c]): convolution, transposed convolution
/// and matrix product as one implicit GEMM over packed panels. NDHWC, grouped, dilated.
/// </summary>
public static unsafe class ConvF32
{
    /// <summary>Everything a run reads and writes. Addresses are the caller's.</summary>
    public struct Args
    {
        public ConvShape Shape;
        public float* Input;
        public float* Output;

        /// <summary>From <see cref="Row.Pack"/>.</summary>
        public float* Panels;

        public float Min;
        public float Max;

        /// <summary>Where the rows of a phase go.</summary>
        internal PhaseRows Rows;
    }

    /// <summary>
    /// Computes units [begin, end) × panels [panelBegin, panelEnd). Any cut of the two ranges gives
    /// the same bits. Scratch belongs to the calling thread.
    /// </summary>
    public delegate void Work(
        in Args args, int begin, int end, int panelBegin, int panelEnd, byte* scratch);

    /// <summary>One instruction set's implementation, its packing and its needs.</summary>
    public abstract class Row : IKernelRow
    {
        internal Row(string name, bool supported, int rows, int columns, Work run)
        {
            Name = name;
            IsSupported = supported;
            TileRows = rows;
            TileColumns = columns;
            Run = run;
        }

        public string Name { get; }
        public bool IsSupported { get; }
        public int TileRows { get; }
        public int TileColumns { get; }
        public Work Run { get; }

        public int PanelCount(in ConvShape s) =>
            s.Groups * GemmF32.Panels(s.GroupColumns, TileColumns);

        /// <summary>What a run is cut into: output positions, or tiles of them.</summary>
        public abstract int Units(in ConvShape s);

        public abstract long PackedFloats(in ConvShape s);

        /// <summary>What the packed bytes depend on.</summary>
        public PackedLayout Layout(in ConvShape s) =>
            new() { Kind = Kind(s), Columns = (ushort)TileColumns };

        private protected abstract PackedKind Kind(in ConvShape s);

        /// <summary>Weights [O][taps][I/groups], bias [O] or null.</summary>
        public void Pack(in ConvShape s, float* weights, float* bias, float* panels) =>
            Pack(s, weights, s.Depth, 1, bias, panels);

        /// <summary>Weights at o · columnStride + k · depthStride, k over taps and depth.</summary>
        public abstract void Pack(
            in ConvShape s, float* weights, nint columnStride, nint depthStride, float* bias,
            float* panels);

        /// <summary>Bytes of scratch that each thread needs; 64-byte aligned.</summary>
        public abstract long ScratchBytes(in ConvShape s);

        public override string ToString() => Name;
    }

    /// <summary>Fastest first.</summary>
    public static Row[] Rows() =>
    [
        Make<GemmF32.X86Avx512>("X86Avx512"),
        Make<GemmF32.X86Avx2>("X86Avx2"),
        Make<GemmF32.ArmNeon>("ArmNeon"),
        Make<GemmF32.Vec128>("Vec128"),
        Make<GemmF32.Scalar>("Scalar"),
    ];

    /// <summary>The first row that this CPU runs.</summary>
    public static Row Best() => Best(CpuTarget.This());

    /// <summary>The first row that a CPU of that kind runs.</summary>
    public static Row Best(CpuTarget target) => Array.Find(Rows(), target.Runs)!;

    static Row Make<TIsa>(string name)
        where TIsa : struct, IGemmF32 =>
        new DirectRow(name, TIsa.IsSupported, TIsa.Rows, TIsa.Columns, Run<TIsa>);

    sealed class DirectRow(string name, bool supported, int rows, int columns, Work run)
        : Row(name, supported, rows, columns, run)
    {
        public override int Units(in ConvShape s) => s.Rows;

        private protected override PackedKind Kind(in ConvShape s) =>
            s.Transposed ? PackedKind.PhasesF32 : PackedKind.ConvF32;

        public override long PackedFloats(in ConvShape s)
        {
            long columns = (long)PanelCount(s) * TileColumns;
            if (!s.Transposed)
            {
                return columns * (1 + s.Depth);
            }
            var phases = new ConvPhases(s);
            long lines = 1 + phases.Empty.Shape.Depth;
            for (int i = 0; i < phases.Count; i++)
            {
                lines += phases[i].IsEmpty ? 0 : 1 + phases[i].Shape.Depth;
            }
            return columns * lines;
        }

        public override void Pack(
            in ConvShape s, float* weights, nint columnStride, nint depthStride, float* bias,
            float* panels)
        {
            if (s.Transposed)
            {
                PackPhases(s, weights, columnStride, depthStride, bias, panels);
                return;
            }
            long group = PackedFloats(s) / s.Groups;
            for (int g = 0; g < s.Groups; g++)
            {
                nint first = (nint)g * s.GroupColumns;
                GemmF32.Pack(
                    weights + first * columnStride, columnStride, depthStride,
                    bias == null ? null : bias + first, s.GroupColumns, s.Depth, TileColumns,
                    panels + g * group);
            }
        }

        void PackPhases(
            in ConvShape s, float* weights, nint columnStride, nint depthStride, float* bias,
            float* panels)
        {
            var phases = new ConvPhases(s);
            panels = PackPhase(phases.Empty, weights, columnStride, depthStride, bias, panels);
            for (int i = 0; i < phases.Count; i++)
            {
                ConvPhase phase = phases[i];
                panels = phase.IsEmpty
                    ? panels
                    : PackPhase(phase, weights, columnStride, depthStride, bias, panels);
            }
        }

        float* PackPhase(
            in ConvPhase phase, float* weights, nint columnStride, nint depthStride, float* bias,
            float* panels)
        {
            int columns = phase.Shape.GroupColumns, depth = phase.Shape.GroupDepth;
            for (int panel = 0; panel < PanelCount(phase.Shape); panel++)
            {
                (int group, int first) = Math.DivRem(panel, GemmF32.Panels(columns, TileColumns));
                first *= TileColumns;
                int count = Math.Min(TileColumns, columns - first);
                first += group * columns;
                panels = GemmF32.PackBias(
                    bias == null ? null : bias + first, count, TileColumns, panels);
                for (int t = 0; t < phase.Taps.Count; t++)
                {
                    nint tap = (nint)phase.Taps[t] * depth * depthStride;
                    panels = GemmF32.PackDepths(
                        weights + first * columnStride + tap, columnStride, depthStride,
                        phase.IsEmpty ? 0 : count, depth, TileColumns, panels);
                }
            }
            return panels;
        }

        public override long ScratchBytes(in ConvShape s)
        {
            if (!s.Transposed)
            {
                return PlanOf(s, TileRows).ScratchBytes;
            }
            var phases = new ConvPhases(s);
            long most = 0;
            for (int i = 0; i < phases.Count; i++)
            {
                most = Math.Max(most, PlanOf(phases[i].Shape, TileRows).ScratchBytes);
            }
            return most;
        }
    }

    static ConvPlan PlanOf(in ConvShape s, int tileRows) =>
        ConvPlan.Of(s, tileRows, 1, sizeof(float), isConverted: false);

    static void Run<TIsa>(
        in Args args, int rowBegin, int rowEnd, int panelBegin, int panelEnd, byte* scratch)
        where TIsa : struct, IGemmF32
    {
        if (!args.Shape.Transposed)
        {
            RunPhase<TIsa>(args, rowBegin, rowEnd, panelBegin, panelEnd, scratch);
            return;
        }
        var phases = new ConvPhases(args.Shape);
        nint columns = (nint)args.Shape.Groups
            * GemmF32.Panels(args.Shape.GroupColumns, TIsa.Columns) * TIsa.Columns;
        float* panels = args.Panels + columns * (1 + phases.Empty.Shape.Depth);
        for (int i = 0, before = 0; i < phases.Count; i++)
        {
            ConvPhase phase = phases[i];
            Args own = args;
            own.Shape = phase.Shape;
            own.Rows = phase.Rows;
            own.Panels = phase.IsEmpty ? args.Panels : panels;
            (int begin, int end) = phase.Cut(rowBegin, rowEnd, before);
            RunPhase<TIsa>(own, begin, end, panelBegin, panelEnd, scratch);
            panels += phase.IsEmpty ? 0 : columns * (1 + phase.Shape.Depth);
            before += phase.Shape.Rows;
        }
    }

    static void RunPhase<TIsa>(
        in Args args, int rowBegin, int rowEnd, int panelBegin, int panelEnd, byte* scratch)
        where TIsa : struct, IGemmF32
    {
        var plan = PlanOf(args.Shape, TIsa.Rows);
        var block = new ConvBlock<float, float, ConvCopyF32>(args.Shape, plan, scratch, default);
        int panelsPerGroup = GemmF32.Panels(args.Shape.GroupColumns, TIsa.Columns);
        for (int first = panelBegin; first < panelEnd;)
        {
            int group = first / panelsPerGroup;
            int last = Math.Min(panelEnd, (group + 1) * panelsPerGroup);
            float* input = args.Input + (nint)group * args.Shape.GroupDepth;
            for (int row = rowBegin; row < rowEnd; row += block.Count)
            {
                block.Load(input, row, rowEnd, 0);
                var terms = new GemmTermsF32
                {
                    Rows = block.Rows,
                    Taps = block.Taps,
                    TapCount = plan.Taps,
                    Depth = plan.Depth,
                };
                int panel = first;
                if (TIsa.HasPairOfLines && block.Count == 1)
                {
                    panel = Pairs<TIsa>(args, plan, group, first, last, row, terms);
                }
                for (; panel < last; panel++)
                {
                    int column = (panel - group * panelsPerGroup) * TIsa.Columns;
                    Block<TIsa>(args, plan, group, panel, column, row, block.Count, terms);
                }
            }
            first = last;
        }
    }

    // A single row by two whole panels at a time; returns the panel that it leaves.
    static int Pairs<TIsa>(
        in Args args, in ConvPlan plan, int group, int panel, int last, int row,
        GemmTermsF32 terms)
        where TIsa : struct, IGemmF32
    {
        int columns = args.Shape.GroupColumns, width = TIsa.Columns;
        int column = (panel - group * GemmF32.Panels(columns, width)) * width;
        nint size = (nint)width * (1 + plan.PackedDepth);
        float* packed = args.Panels + panel * size;
        terms.Sums = args.Output + args.Rows[row] * args.Shape.OutChannels
            + (nint)group * columns + column;
        terms.Min = args.Min;
        terms.Max = args.Max;
        for (; panel + 2 <= last && column + 2 * width <= columns; panel += 2)
        {
            terms.Bias = packed;
            terms.Weights = packed + width;
            TIsa.PairOfLines(terms, size);
            terms.Sums += 2 * width;
            column += 2 * width;
            packed += 2 * size;
        }
        return panel;
    }

    [SkipLocalsInit]
    static void Block<TIsa>(
        in Args args, in ConvPlan plan, int group, int panel, int column, int row, int count,
        GemmTermsF32 terms)
        where TIsa : struct, IGemmF32
    {
        byte** rows = terms.Rows;
        float* spare = stackalloc float[TIsa.Rows * TIsa.Columns];
        float* partial = stackalloc float[TIsa.Rows * TIsa.Columns];
        int width = Math.Min(TIsa.Columns, args.Shape.GroupColumns - column);
        bool isWhole = width == TIsa.Columns && !args.Rows.IsStrided;
        nint stride = args.Shape.OutChannels;
        float* packed = args.Panels + (nint)panel * TIsa.Columns * (1 + plan.PackedDepth);
        float* y = args.Output + (nint)group * args.Shape.GroupColumns + column;
        terms.Bias = packed;
        terms.Weights = packed + TIsa.Columns;
        terms.Partial = partial;
        terms.Stride = isWhole ? stride : TIsa.Columns;
        terms.Min = args.Min;
        terms.Max = args.Max;
        for (int i = 0; i < count; i += TIsa.Rows)
        {
            terms.Rows = rows + i;
            terms.Sums = isWhole ? y + (row + i) * stride : spare;
            int valid = terms.Valid = Math.Min(TIsa.Rows, count - i);
            if (2 * valid <= TIsa.Rows && valid <= 2)
            {
                for (int r = 0; r < valid; r++)
                {
                    TIsa.Line(terms);
                    terms.Rows++;
                    terms.Sums += terms.Stride;
                }
            }
            else if (2 * width <= TIsa.Columns)
            {
                TIsa.Half(terms);
            }
            else
            {
                TIsa.Tile(terms);
            }
            for (int r = 0; r < valid && !isWhole; r++)
            {
                new ReadOnlySpan<float>(spare + r * TIsa.Columns, width)
                    .CopyTo(new Span<float>(y + args.Rows[row + i + r] * stride, width));
            }
        }
    }
}
