using EdgeDL.Execution;
using EdgeDL.Kernels.Resize;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>One axis of a <see cref="Resize"/> and what becomes of it.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Output">Its extent in the result.</param>
/// <param name="Scale">Output over input, before the output was rounded to a whole number.</param>
/// <param name="Start">Crop: where the region starts, a fraction of the input.</param>
/// <param name="End">Crop: where it ends.</param>
public readonly record struct ResizedAxis(int Axis, int Output, float Scale, float Start, float End)
{
    /// <summary>An axis without a crop.</summary>
    public ResizedAxis(int axis, int output, float scale)
        : this(axis, output, scale, 0, 1)
    {
    }

    internal bool Changes(in Shape x) =>
        Output != x[Axis] || Scale != 1 || Start != 0 || End != 1;

    internal ResizeSpan Bind(in Shape x) => new(x[Axis], Output, Scale, Start, End);
}

/// <summary>
/// y = x resampled along any axes, one after the other, by the rules of ONNX's Resize: fp32, int8,
/// uint8 and int16; nearest takes any type of whole bytes. A crop takes fp32 alone.
/// </summary>
public sealed class Resize(ResizeRule rule, float extrapolation, ResizedAxis[] axes)
    : Op, IOp<Resize>
{
    const int MostTaps = 1 << 26;

    public static OpCode Code => OpCode.Resize;

    public override OpCode OpCode => Code;

    public ResizeRule Rule => rule;

    /// <summary>What a crop puts outside of the input.</summary>
    public float Extrapolation => extrapolation;

    public ReadOnlySpan<ResizedAxis> Axes => axes;

    public static Resize Read(ref AttributeReader a)
    {
        var rule = new ResizeRule(
            (ResizeMethod)a.Enum(3), (ResizeCoordinates)a.Enum(7), (ResizeRounding)a.Enum(4))
        {
            CubicCoefficient = a.Float(),
            ExcludesOutside = a.Bool(),
            Antialiases = a.Bool(),
        };
        float extrapolation = a.Float();
        var axes = new ResizedAxis[a.Int(0, Shape.MaxRank)];
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = new(
                a.Int(0, Shape.MaxRank - 1), a.Int(1, int.MaxValue), a.Float(), a.Float(),
                a.Float());
        }

        return new(rule, extrapolation, axes);
    }

    public override void Write(ref AttributeWriter a)
    {
        a.Byte((byte)rule.Method);
        a.Byte((byte)rule.Coordinates);
        a.Byte((byte)rule.Rounding);
        a.Float(rule.CubicCoefficient);
        a.Bool(rule.ExcludesOutside);
        a.Bool(rule.Antialiases);
        a.Float(extrapolation);
        a.Int(axes.Length);
        foreach (ResizedAxis axis in axes)
        {
            a.Int(axis.Axis);
            a.Int(axis.Output);
            a.Float(axis.Scale);
            a.Float(axis.Start);
            a.Float(axis.End);
        }
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        CheckType(c, x.DType);
        int[] dims = x.Shape.ToArray();
        int seen = 0;
        foreach (ResizedAxis axis in axes)
        {
            MovementRules.Axis(c, axis.Axis, dims.Length);
            if ((seen & 1 << axis.Axis) != 0 || dims[axis.Axis] < 1 || axis.Output < 1
                || !(axis.Scale > 0 && float.IsFinite(axis.Scale))
                || !float.IsFinite(axis.Start) || !float.IsFinite(axis.End))
            {
                c.Fail($"cannot resize {x.Shape} by {axis}");
            }

            long taps = ResizeTaps.Count(rule, axis.Scale);
            if (taps > MostTaps || taps * axis.Output > MostTaps)
            {
                c.Fail($"{axis} has {taps} neighbours for each output, too many");
            }

            seen |= 1 << axis.Axis;
            dims[axis.Axis] = axis.Output;
        }

        Quantizations.RequireSame(c);
        Shape y = MovementRules.Shape(c, dims);
        if (x.DType.Bytes(x.Shape.Elements) > int.MaxValue
            || x.DType.Bytes(y.Elements) > int.MaxValue)
        {
            c.Fail($"takes and gives less than 2 GiB, not {x.DType} {x.Shape} and {y}");
        }

        c.SetOutput(0, x.DType, y);
        Reserve(c, x);
    }

    public override Step? Prepare(PrepareContext c) =>
        new ResizeSteps(c, rule, extrapolation, Order(c.Input(0).Shape));

    void CheckType(InferContext c, DType type)
    {
        bool fits = rule.Method == ResizeMethod.Nearest
            || type is DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16;
        if (!fits || (rule.Coordinates == ResizeCoordinates.CropAndResize
            && type != DType.Float32))
        {
            c.Fail($"does not interpolate or crop {type}");
        }
    }

    // Between the passes lie two buffers in turn: floats, or x's type where nothing is mixed.
    void Reserve(InferContext c, InferInput x)
    {
        ResizedAxis[] order = Order(x.Shape);
        Span<long> bytes = [0, 0];
        Shape shape = x.Shape;
        long macs = 0;
        for (int i = 0; i < order.Length; i++)
        {
            shape = MovementRules.Shape(c, shape.With(order[i].Axis, order[i].Output).Dims);
            macs += shape.Elements * ResizeTaps.Count(rule, order[i].Scale);
            if (i < order.Length - 1)
            {
                bytes[i % 2] = Math.Max(
                    bytes[i % 2], ResizeSteps.Room(shape.Elements * Size(x.DType)));
            }
        }

        c.Scratch(bytes[0] + bytes[1]);
        c.Macs(macs);
    }

    long Size(DType type) => rule.Method == ResizeMethod.Nearest ? type.Size() : sizeof(float);

    /// <summary>The axes that change, those first that leave least to do.</summary>
    ResizedAxis[] Order(Shape x)
    {
        ResizedAxis[] order = Array.FindAll(axes, axis => axis.Changes(x));
        Array.Sort(order, (a, b) => ((long)a.Output * x[b.Axis])
            .CompareTo((long)b.Output * x[a.Axis]));
        return order;
    }
}
