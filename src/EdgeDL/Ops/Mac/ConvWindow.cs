using EdgeDL.Kernels.Conv;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Stride, dilation and explicit padding of a convolution along one axis. The kernel's extent is
/// the weights'.
/// </summary>
public readonly record struct ConvAxis(int Stride, int Dilation, int PadBefore, int PadAfter)
{
    const int Most = 1 << 20;

    /// <summary>Stride 1, no dilation, no padding.</summary>
    public static ConvAxis Unit => new(1, 1, 0, 0);

    internal static ConvAxis Read(ref AttributeReader a) =>
        new(a.Int(1, Most), a.Int(1, Most), a.Int(0, Most), a.Int(0, Most));

    internal void Write(ref AttributeWriter a)
    {
        a.Int(Stride);
        a.Int(Dilation);
        a.Int(PadBefore);
        a.Int(PadAfter);
    }

    /// <summary>Output positions along this axis; at least one, or the model is rejected.</summary>
    internal int Output(InferContext c, int input, int kernel)
    {
        long padded = (long)input + PadBefore + PadAfter;
        long extent = (kernel - 1L) * Dilation + 1;
        if (padded > 1 << 30 || extent > padded)
        {
            c.Fail($"a window of {kernel} with dilation {Dilation} does not fit into {input} "
                + $"+ {PadBefore} + {PadAfter} of padding");
        }

        return (int)((padded - extent) / Stride) + 1;
    }

    /// <summary>
    /// Throws unless <paramref name="output"/> positions are what a transposed convolution gives:
    /// some of the (input − 1) · stride + extent − pads, or up to a stride or a dilation more.
    /// </summary>
    internal void CheckTransposed(InferContext c, int input, int kernel, int output)
    {
        long extent = (kernel - 1L) * Dilation + 1;
        long full = (input - 1L) * Stride + extent;
        if (full > 1 << 30 || output < 1 || output > full - PadBefore - PadAfter
            + Math.Max(Stride, Dilation)
            || PadBefore >= extent)
        {
            c.Fail($"{input} inputs, stride {Stride} and a window of {kernel} do not give "
                + $"{output} outputs with {PadBefore} + {PadAfter} of padding");
        }
    }
}

/// <summary>The two axes of a 2-D convolution.</summary>
public readonly record struct ConvWindow2D(ConvAxis Height, ConvAxis Width)
{
    internal static ConvWindow2D Read(ref AttributeReader a) =>
        new(ConvAxis.Read(ref a), ConvAxis.Read(ref a));

    internal void Write(ref AttributeWriter a)
    {
        Height.Write(ref a);
        Width.Write(ref a);
    }

    /// <summary>The kernel's view of x [N,H,W,C] under a window of kh × kw; y [N,h,w,O].</summary>
    internal ConvShape Bind(
        in Shape x, in Shape y, int kernelHeight, int kernelWidth, int groups) => new()
    {
        Batch = x[0],
        InHeight = x[1],
        InWidth = x[2],
        InChannels = x[3],
        OutHeight = y[1],
        OutWidth = y[2],
        OutChannels = y[3],
        KernelHeight = kernelHeight,
        KernelWidth = kernelWidth,
        StrideHeight = Height.Stride,
        StrideWidth = Width.Stride,
        DilationHeight = Height.Dilation,
        DilationWidth = Width.Dilation,
        PadTop = Height.PadBefore,
        PadLeft = Width.PadBefore,
        Groups = groups,
    };
}

/// <summary>The three axes of a 3-D convolution.</summary>
public readonly record struct ConvWindow3D(ConvAxis Depth, ConvAxis Height, ConvAxis Width)
{
    internal static ConvWindow3D Read(ref AttributeReader a) =>
        new(ConvAxis.Read(ref a), ConvAxis.Read(ref a), ConvAxis.Read(ref a));

    internal void Write(ref AttributeWriter a)
    {
        Depth.Write(ref a);
        Height.Write(ref a);
        Width.Write(ref a);
    }

    /// <summary>The kernel's view of x [N,D,H,W,C] and y [N,d,h,w,O].</summary>
    internal ConvShape Bind(in Shape x, in Shape y, int kd, int kh, int kw, int groups) =>
        new ConvWindow2D(Height, Width).Bind(
            new Shape(x[0], x[2], x[3], x[4]), new Shape(y[0], y[2], y[3], y[4]), kh, kw, groups)
        with
        {
            InDepth = x[1],
            OutDepth = y[1],
            KernelDepth = kd,
            StrideDepth = Depth.Stride,
            DilationDepth = Depth.Dilation,
            PadFront = Depth.PadBefore,
        };
}
