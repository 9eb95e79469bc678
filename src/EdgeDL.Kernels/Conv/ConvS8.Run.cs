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
        var plan = Plan.Of(args.Shape, TIsa.Rows, TIsa.Group, TIsa.IsWide);
        int panelsPerGroup = GemmS8.Panels(args.Shape.GroupColumns, TIsa.Columns);
        int blockRows = plan.Tiles * TIsa.Rows;
        int* offsets = (int*)scratch;
        byte* gathered = scratch + ((4L * blockRows + 63) & ~63L);
        for (int first = panelBegin; first < panelEnd;)
        {
            int group = first / panelsPerGroup;
            int last = Math.Min(panelEnd, (group + 1) * panelsPerGroup);
            for (int row = rowBegin; row < rowEnd; row += blockRows)
            {
                int count = Math.Min(blockRows, rowEnd - row);
                for (int i = 0; i < count; i++)
                {
                    Gather<TIsa>(
                        args, plan, group, row + i, gathered + (nint)i * plan.RowBytes,
                        offsets + i);
                }
                for (int panel = first; panel < last; panel++)
                {
                    int column = (panel - group * panelsPerGroup) * TIsa.Columns;
                    Block<TIsa>(args, plan, group, panel, column, row, count, gathered, offsets);
                }
            }
            first = last;
        }
    }

    static void Gather<TIsa>(
        in Args args, in Plan plan, int group, int row, byte* y, int* offset)
        where TIsa : struct, IGemmS8
    {
        byte* input = args.Input + (nint)group * args.Shape.GroupDepth;
        int depth = args.Shape.Depth;
        int zero = args.Ranges == null
            ? args.InputZero
            : args.Ranges[row / args.Shape.RowsPerBatch].Zero;
        if (TIsa.IsWide)
        {
            short* wide = (short*)y;
            ConvRows.Gather(
                args.Shape, input, (short)zero, row, wide, new ConvCopyS8Wide(args.InputFlip));
            for (int k = depth; k < plan.Depth; k++)
            {
                wide[k] = 0;
            }
        }
        else
        {
            sbyte* narrow = (sbyte*)y;
            ConvRows.Gather(
                args.Shape, input, (sbyte)zero, row, narrow, new ConvCopyS8(args.InputFlip));
            for (int k = depth; k < plan.Depth; k++)
            {
                narrow[k] = 0;
            }
        }
        *offset = args.WeightZero == 0
            ? 0
            : -args.WeightZero * (TIsa.IsWide ? Sum((short*)y, depth) : Sum((sbyte*)y, depth));
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

    static int Sum(sbyte* x, int count)
    {
        var sum = Vector128<int>.Zero;
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(x + i));
            // The sum of two int8 values is still far inside int16.
            var (a, b) = Vector128.Widen(low + high);
            sum += a + b;
        }
        int total = Vector128.Sum(sum);
        for (; i < count; i++)
        {
            total += x[i];
        }
        return total;
    }

    [SkipLocalsInit]
    static void Block<TIsa>(
        in Args args, in Plan plan, int group, int panel, int column, int row, int count,
        byte* gathered, int* offsets)
        where TIsa : struct, IGemmS8
    {
        int* acc = stackalloc int[TIsa.Rows * TIsa.Columns];
        int width = Math.Min(TIsa.Columns, args.Shape.GroupColumns - column);
        nint packedColumn = (nint)panel * TIsa.Columns;
        sbyte* packed = args.Panels + packedColumn * plan.Depth;
        int* bias = args.Bias + packedColumn;
        nint y = row * (nint)args.Shape.OutChannels + group * args.Shape.GroupColumns + column;
        int i = 0;
        for (; i <= count - TIsa.Rows; i += TIsa.Rows)
        {
            TIsa.Tile(
                gathered + (nint)i * plan.RowBytes, plan.RowBytes, plan.Depth, packed, bias,
                offsets + i, acc);
            for (int r = 0; r < TIsa.Rows; r++, y += args.Shape.OutChannels)
            {
                Finish<TIsa>(args, acc + r * TIsa.Columns, packedColumn, width, row + i + r, y);
            }
        }
        for (; i < count; i++, y += args.Shape.OutChannels)
        {
            TIsa.Line(
                gathered + (nint)i * plan.RowBytes, plan.Depth, packed, bias, offsets[i], acc);
            Finish<TIsa>(args, acc, packedColumn, width, row + i, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Finish<TIsa>(
        in Args args, int* acc, nint column, int width, int row, nint y)
        where TIsa : struct, IGemmS8
    {
        if (args.OutputS32 != null)
        {
            new ReadOnlySpan<int>(acc, width).CopyTo(new Span<int>(args.OutputS32 + y, width));
        }
        else if (args.Ranges == null)
        {
            TIsa.Requantize(acc, args.Scale + column, width, args.Range, args.Output + y);
        }
        else
        {
            Rescale.Run(
                acc, args.Sums + column, args.Ranges[row / args.Shape.RowsPerBatch],
                args.Scale + column, args.BiasF32 == null ? null : args.BiasF32 + column, width,
                args.Min, args.Max, args.OutputF32 + y);
        }
    }
}
