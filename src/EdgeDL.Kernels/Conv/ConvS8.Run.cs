using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels.MatMul;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Conv;

public static unsafe partial class ConvS8
{
    static void Run<TIsa>(
        in Args args, int rowBegin, int rowEnd, int panelBegin, int panelEnd, byte* scratch)
        where TIsa : struct, IGemmS8
    {
        if (!args.Shape.Transposed)
        {
            RunPhase<TIsa>(args, rowBegin, rowEnd, panelBegin, panelEnd, scratch);
            return;
        }
        var phases = new ConvPhases(args.Shape);
        var walk = new PhaseWalk(
            args, phases.Empty, PlanOf<TIsa>(phases.Empty.Shape), TIsa.Columns);
        for (int i = 0, before = 0; i < phases.Count; i++)
        {
            ConvPhase phase = phases[i];
            Args own = phase.IsEmpty
                ? PhaseWalk.Of(phase, walk.Empty)
                : walk.Next(phase, PlanOf<TIsa>(phase.Shape));
            (int begin, int end) = phase.Cut(rowBegin, rowEnd, before);
            RunPhase<TIsa>(own, begin, end, panelBegin, panelEnd, scratch);
            before += phase.Shape.Rows;
        }
    }

    static ConvPlan PlanOf<TIsa>(in ConvShape s)
        where TIsa : struct, IGemmS8 =>
        PlanOf(s, TIsa.Rows, TIsa.Group, TIsa.IsWide);

    static void RunPhase<TIsa>(
        in Args args, int rowBegin, int rowEnd, int panelBegin, int panelEnd, byte* scratch)
        where TIsa : struct, IGemmS8
    {
        var plan = PlanOf<TIsa>(args.Shape);
        if (TIsa.IsWide)
        {
            var block = new ConvBlock<byte, short, ConvCopyS8Wide>(
                args.Shape, plan, scratch, new ConvCopyS8Wide(args.InputFlip));
            Run<TIsa, short, ConvCopyS8Wide>(
                args, plan, rowBegin, rowEnd, panelBegin, panelEnd, ref block);
        }
        else
        {
            var block = new ConvBlock<byte, sbyte, ConvCopyS8>(
                args.Shape, plan, scratch, new ConvCopyS8((byte)(args.InputFlip ^ TIsa.Flip)));
            Run<TIsa, sbyte, ConvCopyS8>(
                args, plan, rowBegin, rowEnd, panelBegin, panelEnd, ref block);
        }
    }

    static void Run<TIsa, TTo, TCopy>(
        in Args args, in ConvPlan plan, int rowBegin, int rowEnd, int panelBegin, int panelEnd,
        ref ConvBlock<byte, TTo, TCopy> block)
        where TIsa : struct, IGemmS8
        where TTo : unmanaged, INumberBase<TTo>
        where TCopy : struct, IConvCopy<byte, TTo>
    {
        int panelsPerGroup = GemmS8.Panels(args.Shape.GroupColumns, TIsa.Columns);
        int flip = (sbyte)TIsa.Flip;
        for (int first = panelBegin; first < panelEnd;)
        {
            int group = first / panelsPerGroup;
            int last = Math.Min(panelEnd, (group + 1) * panelsPerGroup);
            byte* input = args.Input + (nint)group * args.Shape.GroupDepth;
            for (int row = rowBegin; row < rowEnd; row += block.Count)
            {
                int zero = args.Ranges == null
                    ? args.InputZero
                    : args.Ranges[row / args.Shape.RowsPerBatch].Zero;
                block.Load(input, row, rowEnd, TTo.CreateTruncating(zero ^ flip));
                for (int i = 0; i < block.Count; i++)
                {
                    block.Offsets[i] = args.WeightZero == 0
                        ? 0
                        : -args.WeightZero * Sum<TIsa>(plan, block.Rows[i], block.Taps);
                }
                for (int panel = first; panel < last; panel++)
                {
                    int column = (panel - group * panelsPerGroup) * TIsa.Columns;
                    var terms = new GemmTermsS8
                    {
                        Rows = block.Rows,
                        Taps = block.Taps,
                        TapCount = plan.Taps,
                        Depth = plan.Depth,
                        Offsets = block.Offsets,
                    };
                    Block<TIsa>(args, plan, group, panel, column, row, block.Count, terms);
                }
            }
            first = last;
        }
    }

    static int Sum<TIsa>(in ConvPlan plan, byte* row, nint* taps)
        where TIsa : struct, IGemmS8
    {
        int sum = 0;
        for (int t = 0; t < plan.Taps; t++)
        {
            byte* tap = row + taps[t];
            sum += TIsa.IsWide
                ? Sum((short*)tap, plan.TapDepth)
                : Sum((sbyte*)tap, plan.TapDepth, TIsa.Flip);
        }
        return sum;
    }

    static int Sum(short* x, int count)
    {
        var sum = Vector128<int>.Zero;
        int i = 0;
        for (; i <= count - 8; i += 8)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(x + i));
            sum += low + high;
        }
        int total = Vector128.Sum(sum);
        for (; i < count; i++)
        {
            total += x[i];
        }
        return total;
    }

    static int Sum(sbyte* x, int count, byte flip)
    {
        var mask = Vector128.Create((sbyte)flip);
        var sum = Vector128<int>.Zero;
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(x + i) ^ mask);
            // The sum of two int8 values is still far inside int16.
            var (a, b) = Vector128.Widen(low + high);
            sum += a + b;
        }
        int total = Vector128.Sum(sum);
        for (; i < count; i++)
        {
            total += (sbyte)(x[i] ^ flip);
        }
        return total;
    }

    [SkipLocalsInit]
    static void Block<TIsa>(
        in Args args, in ConvPlan plan, int group, int panel, int column, int row, int count,
        GemmTermsS8 terms)
        where TIsa : struct, IGemmS8
    {
        int* acc = stackalloc int[TIsa.Rows * TIsa.Columns];
        int width = Math.Min(TIsa.Columns, args.Shape.GroupColumns - column);
        nint packedColumn = (nint)panel * TIsa.Columns;
        nint y = group * args.Shape.GroupColumns + column;
        terms.Panel = args.Panels + packedColumn * plan.PackedDepth;
        terms.Bias = args.Bias + packedColumn;
        terms.Sums = acc;
        for (int i = 0; i < count; i += TIsa.Rows)
        {
            int rows = Math.Min(TIsa.Rows, count - i);
            if (rows == 1)
            {
                TIsa.Line(terms);
            }
            else if (2 * width <= TIsa.Columns)
            {
                TIsa.Half(terms);
            }
            else
            {
                TIsa.Tile(terms);
            }
            // Rows that lie side by side are finished together.
            int together = args.Rows.IsStrided ? 1 : rows;
            for (int r = 0; r < rows; r += together)
            {
                Finish<TIsa>(
                    args, acc + r * TIsa.Columns, packedColumn, together, width, row + i + r,
                    args.Rows[row + i + r] * args.Shape.OutChannels + y);
            }
            terms.Rows += TIsa.Rows;
            terms.Offsets += TIsa.Rows;
        }
    }

    static void Finish<TIsa>(
        in Args args, int* acc, nint column, int rows, int width, int row, nint y)
        where TIsa : struct, IGemmS8
    {
        nint stride = args.Shape.OutChannels;
        if (args.OutputS32 == null && args.Ranges == null)
        {
            TIsa.Requantize(
                acc, rows, args.Scale + column, width, args.Range, args.Output + y, stride);
            return;
        }
        for (int r = 0; r < rows; r++, acc += TIsa.Columns, y += stride)
        {
            if (args.OutputS32 != null)
            {
                new ReadOnlySpan<int>(acc, width).CopyTo(new Span<int>(args.OutputS32 + y, width));
            }
            else
            {
                Rescale.Run(
                    acc, args.Sums + column, args.Ranges[(row + r) / args.Shape.RowsPerBatch],
                    args.Scale + column, args.BiasF32 == null ? null : args.BiasF32 + column,
                    width, args.Min, args.Max, args.OutputF32 + y);
            }
        }
    }
}
