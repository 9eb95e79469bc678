using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels.Pool;
using EdgeDL.Tensors;
using Kernel = EdgeDL.Kernels.Pool.PoolNd;

namespace EdgeDL.Ops;

/// <summary>
/// What a pooling makes of its window. The numbers are part of the file format.
/// </summary>
public enum PoolKind
{
    /// <summary>The largest number.</summary>
    Max = 0,

    /// <summary>The mean of what is inside the input.</summary>
    Average = 1,

    /// <summary>The mean with zeros for what is inside the padding.</summary>
    AverageWithPadding = 2,

    /// <summary>(Σ |x|ᵖ)^(1/p).</summary>
    Norm = 3,
}

/// <summary>
/// y = a pooling of x over 1 to 3 spatial axes [N, …, C], with dilations and any padding. Max takes
/// fp32, int8, uint8 and int16, the others fp32. A second output of Max tells where each maximum
/// is: an int64 index into x laid out [N, C, …], its last axis fastest, or its first spatial one.
/// </summary>
public sealed class PoolNd(
    PoolKind kind, PoolWindow[] windows, float power, bool firstAxisFastest) : Op, IOp<PoolNd>
{
    const int MostAxes = 3;

    public static OpCode Code => OpCode.PoolNd;

    public override OpCode OpCode => Code;

    public PoolKind Kind => kind;

    /// <summary>One a spatial axis.</summary>
    public ReadOnlySpan<PoolWindow> Windows => windows;

    /// <summary>p of the norm.</summary>
    public float Power => power;

    /// <summary>How the second output counts.</summary>
    public bool FirstAxisFastest => firstAxisFastest;

    public static PoolNd Read(ref AttributeReader a)
    {
        var kind = (PoolKind)a.Enum(4);
        var windows = new PoolWindow[a.Int(1, MostAxes)];
        for (int i = 0; i < windows.Length; i++)
        {
            windows[i] = PoolWindow.Read(ref a);
        }

        return new(kind, windows, a.Float(), a.Bool());
    }

    public override void Write(ref AttributeWriter a)
    {
        a.Byte((byte)kind);
        a.Int(windows.Length);
        foreach (PoolWindow window in windows)
        {
            window.Write(ref a);
        }

        a.Float(power);
        a.Bool(firstAxisFastest);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: kind == PoolKind.Max && c.OutputCount == 2 ? 2 : 1);
        InferInput x = c.Input(0);
        bool known = kind == PoolKind.Max
            ? x.DType is DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16
            : x.DType == DType.Float32;
        if (!known || windows.Length is < 1 or > MostAxes || x.Shape.Rank != windows.Length + 2)
        {
            c.Fail($"pools {windows.Length} axes of a tensor [N, …, C] of Float32, its maximum "
                + $"of Int8, UInt8 or Int16 too, not {x.DType} {x.Shape}");
        }

        if (!(power > 0 && float.IsFinite(power)))
        {
            c.Fail($"the power of a norm is {power}, must be above 0");
        }

        int[] dims = x.Shape.ToArray();
        long taps = 1;
        for (int i = 0; i < windows.Length; i++)
        {
            windows[i].Check(c, dims[i + 1]);
            taps *= Math.Min(windows[i].Kernel, dims[i + 1]);
            dims[i + 1] = windows[i].Output;
        }

        Quantizations.RequireSame(c);
        Shape y = MovementRules.Shape(c, dims);
        c.SetOutput(0, x.DType, y);
        if (c.OutputCount == 2)
        {
            c.SetOutput(1, DType.Int64, y);
        }

        c.Macs(y.Elements * taps);
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Float32 => new PoolStep<float>(c, this),
        DType.Int8 => new PoolStep<sbyte>(c, this),
        DType.UInt8 => new PoolStep<byte>(c, this),
        _ => new PoolStep<short>(c, this),
    };

    PoolVolume Bind(in Shape x)
    {
        Span<PoolExtent> extents = [PoolExtent.Unit, PoolExtent.Unit, PoolExtent.Unit];
        for (int i = 0; i < windows.Length; i++)
        {
            extents[MostAxes - windows.Length + i] = windows[i].Bind(x[i + 1]);
        }

        return new(x[0], x[-1], extents[0], extents[1], extents[2]);
    }

    sealed class PoolStep<T>(
        PrepareContext c, PoolNd op, PoolVolume volume, TensorView x, TensorView y)
        : RowsStep(c.Workers, volume.OutputRows,
            y.Elements / Math.Max(1, volume.OutputRows) * (long)volume.Depth.Kernel
                * volume.Height.Kernel * volume.Width.Kernel)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        readonly PoolKind kind = op.Kind;
        readonly float power = op.Power;
        readonly bool firstAxisFastest = op.FirstAxisFastest;
        readonly bool tellsIndices = c.OutputCount == 2;
        readonly TensorView indices = c.Output(c.OutputCount - 1);

        public PoolStep(PrepareContext c, PoolNd op)
            : this(c, op, op.Bind(c.Input(0).Shape), c.Input(0), c.Output(0))
        {
        }

        protected override void Rows(int begin, int end)
        {
            if (tellsIndices)
            {
                MaxPoolIndices.Run(
                    volume, x.AsSpan<T>(), y.AsSpan<T>(), indices.AsSpan<long>(),
                    firstAxisFastest, begin, end);
            }
            else if (kind == PoolKind.Max)
            {
                Kernel.Max(volume, x.AsSpan<T>(), y.AsSpan<T>(), begin, end);
            }
            else
            {
                Reals(x.AsSpan<float>(), y.AsSpan<float>(), begin, end);
            }
        }

        void Reals(ReadOnlySpan<float> from, Span<float> to, int begin, int end)
        {
            switch (kind)
            {
                case PoolKind.Average:
                    Kernel.Average(volume, from, to, begin, end);
                    break;
                case PoolKind.AverageWithPadding:
                    Kernel.AverageWithPadding(volume, from, to, begin, end);
                    break;
                default:
                    Kernel.Norm(volume, power, from, to, begin, end);
                    break;
            }
        }
    }
}
