using EdgeDL.Execution;
using EdgeDL.Kernels.Softmax;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = 1 at the first largest x along one axis, 0 elsewhere; fp32.</summary>
public sealed class HardMax(int axis) : Op, IOp<HardMax>
{
    public static OpCode Code => OpCode.HardMax;

    public override OpCode OpCode => Code;

    public int Axis => axis;

    public static HardMax Read(ref AttributeReader a) => new(a.Int(0, Shape.MaxRank - 1));

    public override void Write(ref AttributeWriter a) => a.Int(axis);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        RowAxis.Check(c, x.Shape, axis);
        if (x.DType != DType.Float32)
        {
            c.Fail($"takes Float32, gets {x.DType}");
        }

        c.SetOutput(0, x.DType, x.Shape);
        var rows = RowAxis.Of(x.Shape, axis);
        c.Scratch(rows.Inner == 1 ? 0 : 8L * rows.Length);
        c.InPlace(output: 0, input: 0);
    }

    public override unsafe Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        return new AxisStep<float, float, Floats>(
            c.Workers, RowAxis.Of(x.Shape, axis), x, c.Output(0), c.ScratchPointer, default);
    }

    readonly struct Floats : IRowFunction<float, float>
    {
        public void Apply(ReadOnlySpan<float> x, Span<float> y, int length, int begin, int end) =>
            HardMaxF32.Run(x, y, length, begin, end);
    }
}
