using EdgeDL.Execution;
using EdgeDL.Kernels.Detect;
using EdgeDL.Tensors;
using Kernel = EdgeDL.Kernels.Detect.RoiAlign;

namespace EdgeDL.Ops;

/// <summary>What <see cref="RoiAlign"/> asks of its regions.</summary>
public sealed record RoiAlignSettings
{
    /// <summary>Rows of bins of a region.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of bins.</summary>
    public required int Columns { get; init; }

    /// <summary>Samples along each side of a bin; 0: one a pixel.</summary>
    public required int Samples { get; init; }

    /// <summary>From the regions' units to pixels.</summary>
    public required float Scale { get; init; }

    /// <summary>Coordinates are those of pixel edges, not of pixel centres; and a region is not
    /// made one pixel large.</summary>
    public required bool HalfPixel { get; init; }

    /// <summary>The largest weighted pixel instead of the mean.</summary>
    public required bool Maximum { get; init; }
}

/// <summary>
/// y[i, r, c, ·] = bin (r, c) of region i of x [N, H, W, C], fp32. Regions are [R, 4] of x₁, y₁,
/// x₂, y₂ and int32 or int64 indices [R] of their pictures; y [R, rows, columns, C].
/// </summary>
public sealed class RoiAlign(RoiAlignSettings settings) : Op, IOp<RoiAlign>
{
    public static OpCode Code => OpCode.RoiAlign;

    public override OpCode OpCode => Code;

    public RoiAlignSettings Settings => settings;

    public static RoiAlign Read(ref AttributeReader a) => new(new RoiAlignSettings
    {
        Rows = a.Int(1, 1 << 15),
        Columns = a.Int(1, 1 << 15),
        Samples = a.Int(0, Kernel.MostSamples),
        Scale = a.Float(),
        HalfPixel = a.Bool(),
        Maximum = a.Bool(),
    });

    public override void Write(ref AttributeWriter a)
    {
        a.Int(settings.Rows);
        a.Int(settings.Columns);
        a.Int(settings.Samples);
        a.Float(settings.Scale);
        a.Bool(settings.HalfPixel);
        a.Bool(settings.Maximum);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 3, outputs: 1);
        MovementRules.Type(c, 0, DType.Float32);
        MovementRules.Type(c, 1, DType.Float32);
        Shape index = MovementRules.Index(c, 2).Shape;
        Shape x = c.Input(0).Shape;
        Shape regions = c.Input(1).Shape;
        if (x.Rank != 4 || regions.Rank != 2 || regions[1] != 4 || index != new Shape(regions[0])
            || x[1] == 0 || x[2] == 0)
        {
            c.Fail($"takes [N, H, W, C], regions [R, 4] and indices [R], gets {x}, {regions} "
                + $"and {index}");
        }

        if (settings.Rows is < 1 or > 1 << 15 || settings.Columns is < 1 or > 1 << 15
            || settings.Samples is < 0 or > Kernel.MostSamples)
        {
            c.Fail($"bins or samples of {settings} are out of range");
        }

        Shape y = MovementRules.Shape(c, [regions[0], settings.Rows, settings.Columns, x[3]]);
        c.SetOutput(0, DType.Float32, y);
        long samples = Math.Max(settings.Samples, 2);
        c.Macs(y.Elements * samples * samples * 4);
    }

    public override Step? Prepare(PrepareContext c) =>
        new AlignStep(c.Workers, c.Name, settings, c.Input(0), c.Input(1), c.Input(2), c.Output(0));

    sealed unsafe class AlignStep(
        Workers workers, string name, RoiAlignSettings settings, TensorView x, TensorView regions,
        TensorView index, TensorView y)
        : RowsStep(workers, y.Shape[0], y.Shape.Product(1, 4) * 16L)
    {
        protected override void Rows(int begin, int end)
        {
            nint picture = x.Shape.Product(1, 4);
            nint result = y.Shape.Product(1, 4);
            for (int i = begin; i < end; i++)
            {
                long batch = RoiIndex.Read(name, index, i, x.Shape[0]);
                float* from = x.Pointer<float>() + (nint)batch * picture;
                float* to = y.Pointer<float>() + i * result;
                RoiBins bins = Bins(regions.Pointer<float>() + (nint)i * 4);
                (int height, int width, int channels) = (x.Shape[1], x.Shape[2], x.Shape[3]);
                if (settings.Maximum)
                {
                    Kernel.Max(bins, settings.Samples, from, height, width, channels, to);
                }
                else
                {
                    Kernel.Mean(bins, settings.Samples, from, height, width, channels, to);
                }
            }
        }

        RoiBins Bins(float* corner)
        {
            float offset = settings.HalfPixel ? 0.5f : 0;
            float left = corner[0] * settings.Scale - offset;
            float top = corner[1] * settings.Scale - offset;
            float width = corner[2] * settings.Scale - offset - left;
            float height = corner[3] * settings.Scale - offset - top;
            if (!settings.HalfPixel)
            {
                width = MathF.Max(width, 1);
                height = MathF.Max(height, 1);
            }

            return new(
                top, left, height / settings.Rows, width / settings.Columns, settings.Rows,
                settings.Columns);
        }
    }
}

/// <summary>Indices of pictures.</summary>
static unsafe class RoiIndex
{
    /// <summary>Index i, which must be in [0, batches).</summary>
    public static long Read(string name, TensorView index, int i, int batches)
    {
        long batch = index.DType == DType.Int32
            ? index.Pointer<int>()[i]
            : index.Pointer<long>()[i];
        if (batch < 0 || batch >= batches)
        {
            DataRangeException.Throw(name, $"pictures lie in [0, {batches})", batch);
        }

        return batch;
    }
}
