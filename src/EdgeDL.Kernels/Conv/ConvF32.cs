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

        /// <summary>GroupDepth zeros: what a tap outside the input reads.</summary>
        public float* Zeros;
        public float Min;
        public float Max;
    }

    /// <summary>
    /// Computes output positions [rowBegin, rowEnd) × panels [panelBegin, panelEnd). Any cut of
    /// the two ranges gives the same bits. Scratch belongs to the calling thread.
    /// </summary>
    public delegate void Work(
        in Args args, int rowBegin, int rowEnd, int panelBegin, int panelEnd, byte* scratch);

    /// <summary>One instruction set's implementation, its packing and its needs.</summary>
    public sealed class Row
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

        public long PackedFloats(in ConvShape s) =>
            (long)PanelCount(s) * TileColumns * (1 + s.Depth);

        /// <summary>Weights [O][taps][I/groups], bias [O] or null.</summary>
        public void Pack(in ConvShape s, float* weights, float* bias, float* panels) =>
            Pack(s, weights, s.Depth, 1, bias, panels);

        /// <summary>Weights at o · columnStride + k · depthStride, k over taps and depth.</summary>
        public void Pack(
            in ConvShape s, float* weights, nint columnStride, nint depthStride, float* bias,
            float* panels)
        {
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

        /// <summary>Bytes of scratch that each thread needs; 64-byte aligned.</summary>
        public long ScratchBytes(in ConvShape s) => Plan.Of(s, TileRows).ScratchBytes;

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
    public static Row Best() => Array.Find(Rows(), row => row.IsSupported)!;

    static Row Make<TIsa>(string name)
        where TIsa : struct, IGemmF32 =>
        new(name, TIsa.IsSupported, TIsa.Rows, TIsa.Columns, Run<TIsa>);

    /// <summary>How many tiles share one pass over a panel, and what they need in memory.</summary>
    readonly record struct Plan(bool IsGathered, int Taps, int Depth, int Tiles, long ScratchBytes)
    {
        // A pointer for each tap pays from one or two vectors of channels on.
        const int MinDepth = 12;
        const int BlockBytes = 32 * 1024;

        public static Plan Of(in ConvShape s, int tileRows)
        {
            bool gathered = s.Taps > 1 && s.GroupDepth < MinDepth;
            int taps = gathered ? 1 : s.Taps;
            int depth = gathered ? s.Depth : s.GroupDepth;
            long tileBytes = 4L * tileRows * s.Depth;
            int tiles = (int)Math.Clamp(BlockBytes / tileBytes, 1, 16);
            long table = (8L * tiles * tileRows * taps + 63) & ~63L;
            return new(gathered, taps, depth, tiles, table + (gathered ? tiles * tileBytes : 0));
        }
    }

    readonly struct CopyF32 : IConvCopy<float, float>
    {
        public void Copy(float* x, float* y, int count) =>
            new ReadOnlySpan<float>(x, count).CopyTo(new Span<float>(y, count));
    }

    static void Run<TIsa>(
        in Args args, int rowBegin, int rowEnd, int panelBegin, int panelEnd, byte* scratch)
        where TIsa : struct, IGemmF32
    {
        var plan = Plan.Of(args.Shape, TIsa.Rows);
        int panelsPerGroup = GemmF32.Panels(args.Shape.GroupColumns, TIsa.Columns);
        int blockRows = plan.Tiles * TIsa.Rows;
        float** table = (float**)scratch;
        float* gathered = (float*)(scratch + ((8L * blockRows * plan.Taps + 63) & ~63L));
        for (int first = panelBegin; first < panelEnd;)
        {
            int group = first / panelsPerGroup;
            int last = Math.Min(panelEnd, (group + 1) * panelsPerGroup);
            for (int row = rowBegin; row < rowEnd; row += blockRows)
            {
                int count = Math.Min(blockRows, rowEnd - row);
                Locate<TIsa>(args, plan, group, row, count, table, gathered);
                for (int panel = first; panel < last; panel++)
                {
                    int column = (panel - group * panelsPerGroup) * TIsa.Columns;
                    Block<TIsa>(args, plan, group, panel, column, row, count, table);
                }
            }
            first = last;
        }
    }

    /// <summary>table[tile][tap][MR]; rows the last tile lacks repeat its last row.</summary>
    static void Locate<TIsa>(
        in Args args, Plan plan, int group, int row, int count, float** table, float* gathered)
        where TIsa : struct, IGemmF32
    {
        float* input = args.Input + (nint)group * args.Shape.GroupDepth;
        int padded = (count + TIsa.Rows - 1) / TIsa.Rows * TIsa.Rows;
        for (int i = 0; i < padded; i++)
        {
            int at = row + Math.Min(i, count - 1);
            float** entry = table + (nint)(i / TIsa.Rows) * plan.Taps * TIsa.Rows + i % TIsa.Rows;
            if (!plan.IsGathered)
            {
                ConvRows.Point(args.Shape, input, args.Zeros, at, entry, TIsa.Rows);
            }
            else
            {
                float* copy = gathered + (nint)Math.Min(i, count - 1) * plan.Depth;
                *entry = copy;
                if (i < count)
                {
                    ConvRows.Gather(args.Shape, input, 0f, at, copy, default(CopyF32));
                }
            }
        }
    }

    [SkipLocalsInit]
    static void Block<TIsa>(
        in Args args, Plan plan, int group, int panel, int column, int row, int count,
        float** table)
        where TIsa : struct, IGemmF32
    {
        float* spare = stackalloc float[TIsa.Rows * TIsa.Columns];
        float* partial = stackalloc float[TIsa.Rows * TIsa.Columns];
        int width = Math.Min(TIsa.Columns, args.Shape.GroupColumns - column);
        bool isWhole = width == TIsa.Columns;
        nint stride = args.Shape.OutChannels;
        float* packed = args.Panels + (nint)panel * TIsa.Columns * (1 + plan.Taps * plan.Depth);
        float* y = args.Output + row * stride + (nint)group * args.Shape.GroupColumns + column;
        var terms = new GemmTermsF32
        {
            Taps = plan.Taps,
            Depth = plan.Depth,
            Bias = packed,
            Weights = packed + TIsa.Columns,
            Partial = partial,
            Stride = isWhole ? stride : TIsa.Columns,
            Min = args.Min,
            Max = args.Max,
        };
        for (int i = 0; i < count; i += TIsa.Rows, y += TIsa.Rows * stride)
        {
            terms.Rows = table + (nint)i * plan.Taps;
            terms.Sums = isWhole ? y : spare;
            int valid = terms.Valid = Math.Min(TIsa.Rows, count - i);
            if (2 * valid > TIsa.Rows || valid > 2)
            {
                TIsa.Tile(terms);
            }
            else
            {
                for (int r = 0; r < valid; r++)
                {
                    TIsa.Line(terms);
                    terms.Rows++;
                    terms.Sums += terms.Stride;
                }
            }
            for (int r = 0; r < valid && !isWhole; r++)
            {
                new ReadOnlySpan<float>(spare + r * TIsa.Columns, width)
                    .CopyTo(new Span<float>(y + r * stride, width));
            }
        }
    }
}
