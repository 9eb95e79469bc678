namespace EdgeDL.Kernels.Conv;

/// <summary>The operands of consecutive output rows, as a <see cref="ConvPlan"/> lays them out in
/// the thread's scratch.</summary>
unsafe ref struct ConvBlock<T, TTo, TCopy>
    where T : unmanaged
    where TTo : unmanaged
    where TCopy : struct, IConvCopy<T, TTo>
{
    readonly ref readonly ConvShape shape;
    readonly ref readonly ConvPlan plan;
    readonly TCopy copy;
    readonly byte* buffer;

    public ConvBlock(in ConvShape shape, in ConvPlan plan, byte* scratch, TCopy copy)
    {
        this.shape = ref shape;
        this.plan = ref plan;
        this.copy = copy;
        Taps = (nint*)scratch;
        scratch += plan.TapBytes;
        Rows = (byte**)scratch;
        scratch += plan.PointerBytes;
        Offsets = (int*)scratch;
        buffer = scratch + plan.OffsetBytes;
        for (int t = 0; t < plan.Taps; t++)
        {
            Taps[t] = (nint)t * shape.DilationHeight * plan.RowBytes;
        }
    }

    /// <summary>Bytes from a row to each of its taps.</summary>
    public readonly nint* Taps;

    /// <summary>Where each row begins; whole tiles, the last row repeated.</summary>
    public readonly byte** Rows;

    /// <summary>A number for each row, the owner's.</summary>
    public readonly int* Offsets;

    /// <summary>Rows that are loaded.</summary>
    public int Count;

    /// <summary>Loads rows from <paramref name="row"/> on, not beyond the batch item.</summary>
    /// <param name="input">The whole input, from the group's first channel on.</param>
    /// <param name="row">The first.</param>
    /// <param name="rowEnd">No more than up to here.</param>
    /// <param name="outside">What padding reads.</param>
    public void Load(T* input, int row, int rowEnd, TTo outside)
    {
        Count = Math.Min(plan.Rows, rowEnd - row);
        if (plan.IsLines)
        {
            LoadLines(input, row, rowEnd, outside);
        }
        else if (plan.IsDirect)
        {
            Point(input, row);
        }
        else
        {
            Gather(input, row, outside);
            for (int i = 0; i < Count; i++)
            {
                Rows[i] = buffer + (nint)i * plan.RowBytes;
            }
        }
        for (int i = Count; i % plan.TileRows != 0; i++)
        {
            Rows[i] = Rows[i - 1];
            Offsets[i] = 0;
        }
    }

    // One tap and no padding: each row lies in the input, by lines at even distances.
    readonly void Point(T* input, int row)
    {
        nint step = (nint)shape.StrideWidth * shape.InChannels * sizeof(T);
        if (shape.IsPointwise)
        {
            byte* first = (byte*)(input + (nint)row * shape.InChannels);
            for (int i = 0; i < Count; i++)
            {
                Rows[i] = first + i * step;
            }
            return;
        }
        int x = row % shape.OutWidth;
        for (int i = 0; i < Count; x = 0)
        {
            byte* at = (byte*)(input + ConvRows.First(shape, row + i) * shape.InChannels);
            for (int end = Math.Min(Count, i + shape.OutWidth - x); i < end; i++, at += step)
            {
                Rows[i] = at;
            }
        }
    }

    void Gather(T* input, int row, TTo outside)
    {
        byte* to = buffer;
        if (shape.IsPointwise && shape.Groups == 1 && plan.TapDepth == plan.Depth)
        {
            // Rows lie in the input as they shall lie here.
            copy.Copy(
                input + (nint)row * shape.InChannels, (TTo*)to, Count * shape.InChannels);
            return;
        }
        bool isOneTap = shape.IsOneTapInside;
        if (isOneTap)
        {
            Point(input, row);
        }
        else
        {
            int batchEnd = (row / shape.RowsPerBatch + 1) * shape.RowsPerBatch;
            Count = Math.Min(Count, batchEnd - row);
        }
        for (int i = 0; i < Count; i++, to += plan.RowBytes)
        {
            if (isOneTap)
            {
                copy.Copy((T*)Rows[i], (TTo*)to, plan.TapDepth);
            }
            else
            {
                ConvRows.Gather(shape, input, outside, row + i, (TTo*)to, copy);
            }
            new Span<TTo>((TTo*)to + plan.TapDepth, plan.Depth - plan.TapDepth).Clear();
        }
    }

    // The input lines under whole output lines, as far as the rows that are asked for reach.
    void LoadLines(T* input, int row, int rowEnd, TTo outside)
    {
        (int line, int x) = Math.DivRem(row, shape.OutWidth);
        (int batch, int top) = Math.DivRem(line, shape.OutHeight);
        int end = Math.Min(rowEnd, (batch + 1) * shape.RowsPerBatch);
        end = (int)Math.Min(end, (long)(line + plan.Lines) * shape.OutWidth);
        Count = end - row;
        int lines = (end - 1) / shape.OutWidth - line + 1;
        int first = top * shape.StrideHeight - shape.PadTop;
        int pixels = (shape.OutWidth - 1) * shape.StrideWidth + shape.KernelWidth;
        nint lineValues = (nint)shape.InWidth * shape.InChannels;
        input += batch * lineValues * shape.InHeight;
        byte* to = buffer;
        for (int i = 0; i < ConvPlan.Span(shape, lines); i++, to += plan.RowBytes)
        {
            int from = first + i;
            T* source = (uint)from < (uint)shape.InHeight ? input + from * lineValues : null;
            ConvRows.Line(shape, source, pixels, outside, (TTo*)to, copy);
        }
        nint step = (nint)shape.StrideWidth * shape.InChannels * sizeof(TTo);
        nint down = (nint)shape.StrideHeight * plan.RowBytes;
        byte* start = buffer;
        for (int i = 0; i < Count; i++, x++)
        {
            if (x == shape.OutWidth)
            {
                x = 0;
                start += down;
            }
            Rows[i] = start + x * step;
        }
    }
}
