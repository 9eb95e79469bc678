using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Quant;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Outputs 0 to 2: y = clamp(round(x / scale) + zero) in UInt8, scale = (max − min) / 255 over x
/// and 0, zero = round(−min / scale) in UInt8; the last two are scalars.
/// </summary>
/// <remarks>ONNX DynamicQuantizeLinear-11.</remarks>
public sealed class DynamicQuantizeLinear : Op, IOp<DynamicQuantizeLinear>
{
    public static OpCode Code => OpCode.DynamicQuantize;

    public override OpCode OpCode => Code;

    public static DynamicQuantizeLinear Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 3);
        InferInput x = c.Input(0);
        if (x.DType != DType.Float32)
        {
            c.Fail($"takes Float32, gets {x.DType}");
        }

        c.SetOutput(0, DType.UInt8, x.Shape);
        c.SetOutput(1, DType.Float32, Shape.Scalar);
        c.SetOutput(2, DType.UInt8, Shape.Scalar);
    }

    public override Step? Prepare(PrepareContext c) => new QuantizeStep(c);

    sealed unsafe class QuantizeStep(PrepareContext c) : Step
    {
        readonly DynamicQuantizeU8.Function kernel =
            KernelRow.First(DynamicQuantizeU8.Rows()).Function;

        readonly float* x = c.Input(0).Pointer<float>();
        readonly int count = c.Input(0).Elements;
        readonly byte* y = c.Output(0).Data;
        readonly float* scale = c.Output(1).Pointer<float>();
        readonly byte* zero = c.Output(2).Data;

        public override void Run() => (*scale, *zero) = kernel(
            new ReadOnlySpan<float>(x, count), new Span<byte>(y, count));
    }
}
