using EdgeDL.Execution;
using EdgeDL.Kernels.Resize;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>The passes of a <see cref="Resize"/>, one an axis.</summary>
sealed unsafe class ResizeSteps : Step
{
    readonly TensorView x;
    readonly TensorView y;
    readonly Pass[] passes;
    readonly float extrapolation;

    public ResizeSteps(
        PrepareContext c, ResizeRule rule, float extrapolation, ResizedAxis[] order)
    {
        x = c.Input(0);
        y = c.Output(0);
        this.extrapolation = extrapolation;
        passes = new Pass[order.Length];
        bool mixes = rule.Method != ResizeMethod.Nearest;
        Shape shape = x.Shape;
        byte* from = x.Data;
        byte* low = c.ScratchPointer;
        byte* high = c.ScratchPointer + FirstBuffer(x, order, mixes);
        for (int i = 0; i < passes.Length; i++)
        {
            bool isLast = i == passes.Length - 1;
            byte* to = isLast ? y.Data : i % 2 == 0 ? low : high;
            DType fromType = mixes && i > 0 ? DType.Float32 : x.DType;
            DType toType = mixes && !isLast ? DType.Float32 : x.DType;
            passes[i] = Create(
                c, rule, new(order[i], shape, from, to), fromType, toType);
            shape = shape.With(order[i].Axis, order[i].Output);
            from = to;
        }
    }

    /// <summary>Bytes of a buffer, so that the next is aligned.</summary>
    public static long Room(long bytes) => (bytes + 63) & ~63L;

    public override void Run()
    {
        if (passes.Length == 0)
        {
            x.AsBytes().CopyTo(y.AsBytes());
        }

        foreach (Pass pass in passes)
        {
            pass.Run();
        }

        foreach (Pass pass in passes)
        {
            pass.Extrapolate(y, extrapolation);
        }
    }

    // The same reckoning as when the scratch was asked for.
    static long FirstBuffer(TensorView x, ResizedAxis[] order, bool mixes)
    {
        long bytes = 0;
        Shape shape = x.Shape;
        for (int i = 0; i < order.Length - 1; i++)
        {
            shape = shape.With(order[i].Axis, order[i].Output);
            long size = mixes ? sizeof(float) : x.DType.Size();
            bytes = i % 2 == 0 ? Math.Max(bytes, Room(shape.Elements * size)) : bytes;
        }

        return bytes;
    }

    static Pass Create(PrepareContext c, ResizeRule rule, Place place, DType from, DType to)
    {
        if (rule.Method == ResizeMethod.Nearest)
        {
            return new CopyPass(c, rule, place, from.Size());
        }

        return (from, to) switch
        {
            (DType.Float32, DType.Float32) => new MixPass<float, float>(c, rule, place),
            (DType.Float32, DType.Int8) => new MixPass<float, sbyte>(c, rule, place),
            (DType.Float32, DType.UInt8) => new MixPass<float, byte>(c, rule, place),
            (DType.Float32, _) => new MixPass<float, short>(c, rule, place),
            (DType.Int8, DType.Int8) => new MixPass<sbyte, sbyte>(c, rule, place),
            (DType.Int8, _) => new MixPass<sbyte, float>(c, rule, place),
            (DType.UInt8, DType.UInt8) => new MixPass<byte, byte>(c, rule, place),
            (DType.UInt8, _) => new MixPass<byte, float>(c, rule, place),
            (_, DType.Int16) => new MixPass<short, short>(c, rule, place),
            _ => new MixPass<short, float>(c, rule, place),
        };
    }

    /// <summary>One axis of a tensor that lies at an address, and where the result goes.</summary>
    readonly struct Place(ResizedAxis axis, Shape shape, byte* from, byte* to)
    {
        public readonly int Axis = axis.Axis;
        public readonly ResizeSpan Span = axis.Bind(shape);
        public readonly int Outer = shape.Product(0, axis.Axis);
        public readonly int Inner = shape.Product(axis.Axis + 1, shape.Rank);
        public readonly byte* From = from;
        public readonly byte* To = to;
    }

    abstract class Pass : RowsStep
    {
        readonly int axis;
        readonly bool* outside;
        readonly int* indices;
        readonly float* weights;
        readonly int count;

        protected Pass(PrepareContext c, in ResizeRule rule, in Place place)
            : base(
                c.Workers, place.Outer * place.Span.Output,
                place.Inner * ResizeTaps.Count(rule, place.Span.Scale))
        {
            axis = place.Axis;
            Output = place.Span.Output;
            count = Output * (int)ResizeTaps.Count(rule, place.Span.Scale);
            indices = c.Pack<int>(count);
            weights = c.Pack<float>(count);
            outside = c.Pack<bool>(Output);
            ResizeTaps.Fill(
                rule, place.Span, new(indices, count), new(weights, count),
                new(outside, Output));
        }

        protected int Output { get; }

        protected ReadOnlySpan<int> Indices => new(indices, count);

        protected ReadOnlySpan<float> Weights => new(weights, count);

        /// <summary>Overwrites what lies outside on this axis.</summary>
        public void Extrapolate(TensorView y, float value)
        {
            int inner = y.Shape.Product(axis + 1, y.Shape.Rank);
            int rows = y.Shape.Product(0, axis + 1);
            for (int row = 0; row < rows; row++)
            {
                if (outside[row % Output])
                {
                    new Span<float>(y.Pointer<float>() + (nint)row * inner, inner).Fill(value);
                }
            }
        }
    }

    sealed class CopyPass(PrepareContext c, ResizeRule rule, Place place, int size)
        : Pass(c, rule, place)
    {
        readonly int input = place.Span.Input;
        readonly int rowBytes = place.Inner * size;
        readonly byte* from = place.From;
        readonly byte* to = place.To;

        protected override void Rows(int begin, int end) =>
            ResizePass.Copy(input, Indices, rowBytes, from, to, begin, end);
    }

    sealed class MixPass<TFrom, TTo>(PrepareContext c, ResizeRule rule, Place place)
        : Pass(c, rule, place)
        where TFrom : unmanaged, System.Numerics.INumber<TFrom>
        where TTo : unmanaged, System.Numerics.INumber<TTo>
    {
        readonly int input = place.Span.Input;
        readonly int inner = place.Inner;
        readonly TFrom* from = (TFrom*)place.From;
        readonly TTo* to = (TTo*)place.To;

        protected override void Rows(int begin, int end) => ResizePass.Mix(
            input, Output, inner, Indices, Weights, from, to, begin, end);
    }
}
