using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Resize;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x bilinearly interpolated to height × width, NHWC: fp32, and int8, uint8, int16, which keep
/// their quantization.
/// </summary>
public sealed class ResizeBilinear(int height, int width, ResizeGrid grid)
    : Op, IOp<ResizeBilinear>
{
    public static OpCode Code => OpCode.ResizeBilinear;

    public override OpCode OpCode => Code;

    public int Height => height;

    public int Width => width;

    public ResizeGrid Grid => grid;

    public static ResizeBilinear Read(ref AttributeReader a) =>
        new(a.Int(), a.Int(), (ResizeGrid)a.Enum(3));

    public override void Write(ref AttributeWriter a)
    {
        a.Int(height);
        a.Int(width);
        a.Byte((byte)grid);
    }

    public override void Infer(InferContext c)
    {
        ResizeOps.Infer(c, height, width);
        DType type = c.Input(0).DType;
        if (type is not (DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16))
        {
            c.Fail($"takes Float32, Int8, UInt8 or Int16, gets {type}");
        }
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Float32 => new ResizeStep<float>(c, grid, BilinearResize.RowsF32()),
        DType.Int8 => new ResizeStep<sbyte>(c, grid, BilinearResize.RowsS8()),
        DType.UInt8 => new ResizeStep<byte>(c, grid, BilinearResize.RowsU8()),
        _ => new ResizeStep<short>(c, grid, BilinearResize.RowsS16()),
    };

    sealed unsafe class ResizeStep<T> : RowsStep
        where T : unmanaged
    {
        readonly BilinearResize.Function<T> kernel;
        readonly ResizeShape shape;
        readonly TensorView x;
        readonly TensorView y;
        readonly Tap* rows;
        readonly Tap* columns;

        public ResizeStep(
            PrepareContext c, ResizeGrid grid, KernelRow<BilinearResize.Function<T>>[] rowsOfKernel)
            : base(c.Workers, c.Output(0).Shape.Product(0, 2), c.Output(0).Shape.Product(2, 4) * 8L)
        {
            x = c.Input(0);
            y = c.Output(0);
            kernel = KernelRow.First(rowsOfKernel).Function;
            shape = ResizeOps.Bind(x.Shape, y.Shape, x.Shape[3]);
            rows = Taps(c, x.Shape[1], y.Shape[1], grid);
            columns = Taps(c, x.Shape[2], y.Shape[2], grid);
        }

        protected override void Rows(int begin, int end) => kernel(
            shape, new(rows, shape.OutputHeight), new(columns, shape.OutputWidth),
            x.AsSpan<T>(), y.AsSpan<T>(), begin, end);

        static Tap* Taps(PrepareContext c, int from, int to, ResizeGrid grid)
        {
            Tap* taps = c.Pack<Tap>(to);
            if (typeof(T) == typeof(short))
            {
                ResizeAxis.LinearQ10(from, to, grid, new(taps, to));
            }
            else
            {
                ResizeAxis.Linear(from, to, grid, new(taps, to));
            }

            return taps;
        }
    }
}
