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
        var block = new RowBlock(plan, scratch);
        for (int t = 0; t < plan.Taps; t++)
        {
            block.Taps[t] = (nint)t * args.Shape.DilationHeight * plan.RowBytes;
        }
        for (int first = panelBegin; first < panelEnd;)
        {
            int group = first / panelsPerGroup;
            int last = Math.Min(panelEnd, (group + 1) * panelsPerGroup);
            for (int row = rowBegin; row < rowEnd; row += block.Count)
            {
                Load<TIsa>(args, plan, group, row, rowEnd, ref block);
                for (int panel = first; panel < last; panel++)
                {
                    int column = (panel - group * panelsPerGroup) * TIsa.Columns;
                    Block<TIsa>(args, plan, group, panel, column, row, block);
                }
            }
            first = last;
        }
    }

    /// <summary>The operands of consecutive output rows, in the thread's scratch.</summary>
    ref struct RowBlock(in Plan plan, byte* scratch)
    {
        public readonly nint* Taps = (nint*)scratch;

        /// <summary>Where each row begins; whole tiles, the last row repeated.</summary>
        public readonly byte** Rows = (byte**)(scratch + plan.TapBytes);

        /// <summary>What the weights' zero point adds to each row.</summary>
        public readonly int* Offsets = (int*)(scratch + plan.TapBytes + plan.PointerBytes);

        public readonly byte* Buffer =
            scratch + plan.TapBytes + plan.PointerBytes + plan.OffsetBytes;

        public int Count;
    }

    static void Load<TIsa>(
        in Args args, in Plan plan, int group, int row, int rowEnd, ref RowBlock block)
        where TIsa : struct, IGemmS8
    {
        if (plan.IsLines)
        {
            LoadLines<TIsa>(args, plan, row, rowEnd, ref block);
        }
        else
        {
            Gather<TIsa>(args, plan, group, row, rowEnd, ref block);
        }
        for (int i = 0; i < block.Count; i++)
        {
            int sum = 0;
            for (int t = 0; args.WeightZero != 0 && t < plan.Taps; t++)
            {
                byte* tap = block.Rows[i] + block.Taps[t];
                int depth = args.Shape.Depth / plan.Taps;
                sum += TIsa.IsWide ? Sum((short*)tap, depth) : Sum((sbyte*)tap, depth);
            }
            block.Offsets[i] = -args.WeightZero * sum;
        }
        for (int i = block.Count; i % TIsa.Rows != 0; i++)
        {
            block.Rows[i] = block.Rows[i - 1];
            block.Offsets[i] = 0;
        }
    }

    static int Zero(in Args args, int batch) =>
        args.Ranges == null ? args.InputZero : args.Ranges[batch].Zero;

    // The input lines under whole output lines, as far as the rows that are asked for reach.
    static void LoadLines<TIsa>(
        in Args args, in Plan plan, int row, int rowEnd, ref RowBlock block)
        where TIsa : struct, IGemmS8
    {
        ref readonly ConvShape s = ref args.Shape;
        (int line, int x) = Math.DivRem(row, s.OutWidth);
        (int batch, int top) = Math.DivRem(line, s.OutHeight);
        int end = Math.Min(rowEnd, (batch + 1) * s.RowsPerBatch);
        end = Math.Min(end, (line + plan.Lines) * s.OutWidth);
        block.Count = end - row;
        int lines = (end - 1) / s.OutWidth - line + 1;
        int first = top * s.StrideHeight - s.PadTop;
        int pixels = (s.OutWidth - 1) * s.StrideWidth + s.KernelWidth;
        byte* input = args.Input + (nint)batch * s.InHeight * s.InWidth * s.InChannels;
        byte* to = block.Buffer;
        int zero = Zero(args, batch);
        for (int i = 0; i < Plan.Span(s, lines); i++, to += plan.RowBytes)
        {
            int from = first + i;
            byte* source = (uint)from < (uint)s.InHeight
                ? input + (nint)from * s.InWidth * s.InChannels
                : null;
            if (TIsa.IsWide)
            {
                ConvRows.Line(
                    s, source, pixels, (short)zero, (short*)to,
                    new ConvCopyS8Wide(args.InputFlip));
            }
            else
            {
                ConvRows.Line(
                    s, source, pixels, (sbyte)zero, (sbyte*)to, new ConvCopyS8(args.InputFlip));
            }
        }
        nint step = (nint)s.StrideWidth * s.InChannels * (TIsa.IsWide ? 2 : 1);
        nint down = (nint)s.StrideHeight * plan.RowBytes;
        byte* start = block.Buffer;
        for (int i = 0; i < block.Count; i++, x++)
        {
            if (x == s.OutWidth)
            {
                x = 0;
                start += down;
            }
            block.Rows[i] = start + x * step;
        }
    }

    static void Gather<TIsa>(
        in Args args, in Plan plan, int group, int row, int rowEnd, ref RowBlock block)
        where TIsa : struct, IGemmS8
    {
        block.Count = Math.Min(plan.Rows, rowEnd - row);
        byte* to = block.Buffer;
        for (int i = 0; i < block.Count; i++, to += plan.RowBytes)
        {
            block.Rows[i] = to;
        }
        to = block.Buffer;
        int depth = args.Shape.Depth;
        if (args.Shape.IsPointwise && depth == plan.Depth && args.Shape.Groups == 1)
        {
            // Rows lie in the input as they shall lie here.
            int count = checked(block.Count * depth);
            byte* from = args.Input + (nint)row * depth;
            if (TIsa.IsWide)
            {
                new ConvCopyS8Wide(args.InputFlip).Copy(from, (short*)to, count);
            }
            else
            {
                new ConvCopyS8(args.InputFlip).Copy(from, (sbyte*)to, count);
            }
            return;
        }
        for (int i = 0; i < block.Count; i++, to += plan.RowBytes)
        {
            GatherRow<TIsa>(args, plan, group, row + i, to);
        }
    }

    static void GatherRow<TIsa>(in Args args, in Plan plan, int group, int row, byte* to)
        where TIsa : struct, IGemmS8
    {
        byte* input = args.Input + (nint)group * args.Shape.GroupDepth;
        int depth = args.Shape.Depth;
        int zero = Zero(args, row / args.Shape.RowsPerBatch);
        if (TIsa.IsWide)
        {
            short* wide = (short*)to;
            ConvRows.Gather(
                args.Shape, input, (short)zero, row, wide, new ConvCopyS8Wide(args.InputFlip));
            for (int k = depth; k < plan.Depth; k++)
            {
                wide[k] = 0;
            }
        }
        else
        {
            sbyte* narrow = (sbyte*)to;
            ConvRows.Gather(
                args.Shape, input, (sbyte)zero, row, narrow, new ConvCopyS8(args.InputFlip));
            for (int k = depth; k < plan.Depth; k++)
            {
                narrow[k] = 0;
            }
        }
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
        in Args args, in Plan plan, int group, int panel, int column, int row, in RowBlock block)
        where TIsa : struct, IGemmS8
    {
        int* acc = stackalloc int[TIsa.Rows * TIsa.Columns];
        int width = Math.Min(TIsa.Columns, args.Shape.GroupColumns - column);
        nint packedColumn = (nint)panel * TIsa.Columns;
        nint y = row * (nint)args.Shape.OutChannels + group * args.Shape.GroupColumns + column;
        var terms = new GemmTermsS8
        {
            Rows = block.Rows,
            Taps = block.Taps,
            TapCount = plan.Taps,
            Depth = plan.Depth,
            Panel = args.Panels + packedColumn * plan.PackedDepth,
            Bias = args.Bias + packedColumn,
            Offsets = block.Offsets,
            Sums = acc,
        };
        for (int i = 0; i < block.Count; i += TIsa.Rows)
        {
            int rows = Math.Min(TIsa.Rows, block.Count - i);
            if (rows == 1)
            {
                TIsa.Line(terms);
            }
            else
            {
                TIsa.Tile(terms);
            }
            Finish<TIsa>(args, acc, packedColumn, rows, width, row + i, y);
            terms.Rows += TIsa.Rows;
            terms.Offsets += TIsa.Rows;
            y += (nint)TIsa.Rows * args.Shape.OutChannels;
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
