using System.Runtime.CompilerServices;
using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>
/// The tap pointers of consecutive output positions. Inside the image they only move on by one
/// stride; at its edges, and at the start of a line, they are worked out anew.
/// </summary>
unsafe ref struct DepthwiseWalk<T>
    where T : unmanaged
{
    readonly ref readonly ConvShape shape;
    readonly T* input;
    readonly T* zeros;
    readonly nint zerosStride;
    readonly T** table;
    int row;
    int batch;
    int line;
    int height;
    int width;
    bool lineIsInside;
    bool wasInside;

    /// <summary>Stands before <paramref name="row"/>; <see cref="Next"/> enters it.</summary>
    public DepthwiseWalk(
        in ConvShape shape, T* input, T* zeros, nint zerosStride, T** table, int row)
    {
        this.shape = ref shape;
        this.input = input;
        this.zeros = zeros;
        this.zerosStride = zerosStride;
        this.table = table;
        this.row = row;
        (line, width) = Math.DivRem(row, shape.OutWidth);
        batch = row / shape.RowsPerBatch;
        height = line % shape.OutHeight;
        EnterLine();
    }

    public readonly int Batch => batch;

    /// <summary>Fills the table for the next output position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Next()
    {
        if (width == shape.OutWidth)
        {
            width = 0;
            line++;
            batch = row / shape.RowsPerBatch;
            height = line % shape.OutHeight;
            EnterLine();
        }
        int left = width * shape.StrideWidth - shape.PadLeft;
        bool inside = lineIsInside && left >= 0
            && left + (shape.KernelWidth - 1) * shape.DilationWidth < shape.InWidth;
        if (inside && wasInside)
        {
            nint step = (nint)shape.StrideWidth * shape.InChannels;
            int taps = shape.Taps;
            for (int t = 0; t < taps; t++)
            {
                table[t] += step;
            }
        }
        else
        {
            ConvRows.Point(shape, input, zeros + batch * zerosStride, row, table, 1);
        }
        wasInside = inside;
        width++;
        row++;
    }

    void EnterLine()
    {
        int top = height * shape.StrideHeight - shape.PadTop;
        lineIsInside = shape.KernelDepth == 1 && top >= 0
            && top + (shape.KernelHeight - 1) * shape.DilationHeight < shape.InHeight;
        wasInside = false;
    }
}
