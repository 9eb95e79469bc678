using EdgeDL.Execution;
using EdgeDL.Kernels.Resize;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = the nearest pixels of x at height × width, NHWC, any type of whole bytes.</summary>
public sealed class ResizeNearest(int height, int width, bool alignCorners, bool halfPixelCenters)
    : Op, IOp<ResizeNearest>
{
    public static OpCode Code => OpCode.ResizeNearest;

    public override OpCode OpCode => Code;

    public int Height => height;

    public int Width => width;

    public bool AlignCorners => alignCorners;

    public bool HalfPixelCenters => halfPixelCenters;

    public static ResizeNearest Read(ref AttributeReader a) =>
        new(a.Int(), a.Int(), a.Bool(), a.Bool());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(height);
        a.Int(width);
        a.Bool(alignCorners);
        a.Bool(halfPixelCenters);
    }

    public override void Infer(InferContext c)
    {
        ResizeOps.Infer(c, height, width);
        InferInput x = c.Input(0);
        if (x.DType.Size() == 0 || x.Shape[3] > int.MaxValue / x.DType.Size()
            || x.DType.Bytes(x.Shape.Elements) > int.MaxValue
            || x.DType.Bytes((long)x.Shape[0] * height * width * x.Shape[3]) > int.MaxValue)
        {
            c.Fail($"takes whole bytes, less than 2 GiB of them, gets {x.DType} {x.Shape}");
        }
    }

    public override Step? Prepare(PrepareContext c) =>
        new NearestStep(c, alignCorners, halfPixelCenters);

    sealed unsafe class NearestStep : RowsStep
    {
        readonly ResizeShape shape;
        readonly TensorView x;
        readonly TensorView y;
        readonly int* rows;
        readonly int* columns;

        public NearestStep(PrepareContext c, bool corners, bool centers)
            : base(c.Workers, c.Output(0).Shape.Product(0, 2), c.Output(0).Shape.Product(2, 4))
        {
            x = c.Input(0);
            y = c.Output(0);
            shape = ResizeOps.Bind(x.Shape, y.Shape, x.Shape[3] * x.DType.Size());
            rows = c.Pack<int>(shape.OutputHeight);
            columns = c.Pack<int>(shape.OutputWidth);
            ResizeAxis.Nearest(
                shape.InputHeight, shape.OutputHeight, corners, centers,
                new(rows, shape.OutputHeight));
            ResizeAxis.Nearest(
                shape.InputWidth, shape.OutputWidth, corners, centers,
                new(columns, shape.OutputWidth));
        }

        protected override void Rows(int begin, int end) => NearestResize.Run(
            shape, new(rows, shape.OutputHeight), new(columns, shape.OutputWidth),
            x.AsBytes(), y.AsBytes(), begin, end);
    }
}
