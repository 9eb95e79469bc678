namespace EdgeDL.Kernels.Conv;

/// <summary>
/// A transposed convolution as ordinary ones of stride 1: output positions of equal remainders by
/// the strides are a phase, whose taps are those t with (phase + pad − t · dilation) % stride == 0,
/// and which no other phase has. Rows are numbered phase by phase.
/// </summary>
readonly struct ConvPhases
{
    readonly ConvShape whole;
    readonly int depths;
    readonly int heights;
    readonly int widths;

    public ConvPhases(in ConvShape whole)
    {
        this.whole = whole;
        depths = Math.Min(whole.StrideDepth, whole.OutDepth);
        heights = Math.Min(whole.StrideHeight, whole.OutHeight);
        widths = Math.Min(whole.StrideWidth, whole.OutWidth);
    }

    /// <summary>At most as many as there are output positions.</summary>
    public int Count => depths * heights * widths;

    public ConvPhase this[int index]
    {
        get
        {
            (int rest, int w) = Math.DivRem(index, widths);
            (int d, int h) = Math.DivRem(rest, heights);
            return ConvPhase.Of(
                whole,
                PhaseAxis.Of(
                    d, whole.StrideDepth, whole.DilationDepth, whole.PadFront, whole.KernelDepth,
                    whole.OutDepth),
                PhaseAxis.Of(
                    h, whole.StrideHeight, whole.DilationHeight, whole.PadTop, whole.KernelHeight,
                    whole.OutHeight),
                PhaseAxis.Of(
                    w, whole.StrideWidth, whole.DilationWidth, whole.PadLeft, whole.KernelWidth,
                    whole.OutWidth));
        }
    }

    /// <summary>What all phases without taps are packed as: one tap, whose weights are 0.</summary>
    public ConvPhase Empty
    {
        get
        {
            var none = new PhaseAxis { Outputs = 1 };
            return ConvPhase.Of(whole, none, none, none);
        }
    }
}

/// <summary>One phase. Without taps it has one that reads padding alone.</summary>
readonly struct ConvPhase
{
    public required ConvShape Shape { get; init; }

    public required PhaseRows Rows { get; init; }

    public required PhaseTaps Taps { get; init; }

    public required bool IsEmpty { get; init; }

    public static ConvPhase Of(in ConvShape whole, PhaseAxis d, PhaseAxis h, PhaseAxis w)
    {
        bool isEmpty = d.Taps == 0 || h.Taps == 0 || w.Taps == 0;
        if (isEmpty)
        {
            (d, h, w) = (d.Outside(), h.Outside(), w.Outside());
        }
        return new ConvPhase
        {
            Shape = whole with
            {
                Transposed = false,
                OutDepth = d.Outputs,
                OutHeight = h.Outputs,
                OutWidth = w.Outputs,
                KernelDepth = d.Taps,
                KernelHeight = h.Taps,
                KernelWidth = w.Taps,
                StrideDepth = 1,
                StrideHeight = 1,
                StrideWidth = 1,
                DilationDepth = d.Dilation,
                DilationHeight = h.Dilation,
                DilationWidth = w.Dilation,
                PadFront = d.Pad,
                PadTop = h.Pad,
                PadLeft = w.Pad,
            },
            Rows = new PhaseRows(whole, d, h, w),
            Taps = new PhaseTaps(whole, d, h, w),
            IsEmpty = isEmpty,
        };
    }

    /// <summary>Its part of the rows [<paramref name="begin"/>, <paramref name="end"/>), if rows
    /// before it are <paramref name="before"/>; none if they end where they begin.</summary>
    public (int Begin, int End) Cut(int begin, int end, int before)
    {
        int from = Math.Max(begin - before, 0);
        return (from, Math.Max(from, Math.Min(end - before, Shape.Rows)));
    }
}

/// <summary>A phase along one axis: its taps, the last of the kernel first, and its outputs.
/// </summary>
readonly record struct PhaseAxis
{
    public int First { get; init; }

    public int Outputs { get; init; }

    public int Taps { get; init; }

    public int LastTap { get; init; }

    public int TapStep { get; init; }

    public int Dilation { get; init; }

    /// <summary>Less than 0 where the first input is skipped.</summary>
    public int Pad { get; init; }

    public static PhaseAxis Of(
        int phase, int stride, int dilation, int pad, int kernel, int outputs)
    {
        var (common, inverse) = Euclid(dilation, stride);
        int step = stride / common;
        // The first tap t with t · dilation ≡ phase + pad (mod stride), if any.
        long place = (((long)phase + pad) % stride + stride) % stride;
        (long whole, long rest) = Math.DivRem(place, common);
        long first = whole * inverse % step;
        var axis = new PhaseAxis
        {
            First = phase,
            Outputs = (outputs - 1 - phase) / stride + 1,
        };
        if (rest != 0 || first >= kernel)
        {
            return axis;
        }
        int taps = (int)(kernel - 1 - first) / step + 1;
        int last = (int)first + (taps - 1) * step;
        return axis with
        {
            Taps = taps,
            LastTap = last,
            TapStep = step,
            Dilation = dilation / common,
            Pad = -(phase + pad - last * dilation) / stride,
        };
    }

    // The greatest common divisor of a and m, and i with i · a / divisor ≡ 1 (mod m / divisor).
    static (int Divisor, long Inverse) Euclid(int a, int m)
    {
        (long r, long next) = (m, a);
        (long x, long nextX) = (0, 1);
        while (next != 0)
        {
            long times = r / next;
            (r, next) = (next, r - times * next);
            (x, nextX) = (nextX, x - times * nextX);
        }
        long modulus = m / r;
        return ((int)r, (x % modulus + modulus) % modulus);
    }

    public PhaseAxis Outside() => this with { Taps = 1, Dilation = 1, Pad = Outputs };
}

/// <summary>Which tap of the whole kernel a phase's tap is; by default all are one, tap 0.
/// </summary>
readonly struct PhaseTaps
{
    readonly PhaseAxis depth;
    readonly PhaseAxis height;
    readonly PhaseAxis width;
    readonly int kernelHeight;
    readonly int kernelWidth;

    public PhaseTaps(in ConvShape whole, PhaseAxis depth, PhaseAxis height, PhaseAxis width)
    {
        this.depth = depth;
        this.height = height;
        this.width = width;
        kernelHeight = whole.KernelHeight;
        kernelWidth = whole.KernelWidth;
    }

    public int Count => depth.Taps * height.Taps * width.Taps;

    public int this[int tap]
    {
        get
        {
            if (kernelWidth == 0)
            {
                return 0;
            }
            (int rest, int w) = Math.DivRem(tap, width.Taps);
            (int d, int h) = Math.DivRem(rest, height.Taps);
            return (At(depth, d) * kernelHeight + At(height, h)) * kernelWidth + At(width, w);
        }
    }

    static int At(PhaseAxis axis, int tap) => axis.LastTap - tap * axis.TapStep;
}

/// <summary>Which row of the whole output a phase's row is; by default the same.</summary>
readonly struct PhaseRows
{
    readonly PhaseAxis depth;
    readonly PhaseAxis height;
    readonly PhaseAxis width;
    readonly int strideDepth;
    readonly int strideHeight;
    readonly int strideWidth;
    readonly int outDepth;
    readonly int outHeight;
    readonly int outWidth;

    public PhaseRows(in ConvShape whole, PhaseAxis depth, PhaseAxis height, PhaseAxis width)
    {
        this.depth = depth;
        this.height = height;
        this.width = width;
        (strideDepth, strideHeight, strideWidth) =
            (whole.StrideDepth, whole.StrideHeight, whole.StrideWidth);
        (outDepth, outHeight, outWidth) = (whole.OutDepth, whole.OutHeight, whole.OutWidth);
        IsStrided = strideDepth > 1 || strideHeight > 1 || strideWidth > 1;
    }

    /// <summary>Rows that follow each other do not lie side by side.</summary>
    public bool IsStrided { get; }

    public nint this[int row]
    {
        get
        {
            if (!IsStrided)
            {
                return row;
            }
            (int rest, int w) = Math.DivRem(row, width.Outputs);
            (rest, int h) = Math.DivRem(rest, height.Outputs);
            (int batch, int d) = Math.DivRem(rest, depth.Outputs);
            nint line = (nint)batch * outDepth + depth.First + (nint)d * strideDepth;
            line = line * outHeight + height.First + (nint)h * strideHeight;
            return line * outWidth + width.First + (nint)w * strideWidth;
        }
    }
}
