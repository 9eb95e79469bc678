using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels.Softmax;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x − max − ln Σ exp(x − max) along one axis; fp32, and int8 or uint8 through a table of float
/// exponentials.
/// </summary>
public sealed class LogSoftmax(int axis) : Op, IOp<LogSoftmax>
{
    public static OpCode Code => OpCode.LogSoftmax;

    public override OpCode OpCode => Code;

    public int Axis => axis;

    public static LogSoftmax Read(ref AttributeReader a) => new(a.Int(0, Shape.MaxRank - 1));

    public override void Write(ref AttributeWriter a) => a.Int(axis);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        RowAxis.Check(c, x.Shape, axis);
        if (x.DType is DType.Int8 or DType.UInt8)
        {
            Quantizations.Require(c, x.Quant, x.DType, "the input");
            Quantizations.Require(c, c.OutputQuant(0), x.DType, "the output");
        }
        else if (x.DType != DType.Float32)
        {
            c.Fail($"takes Float32, Int8 or UInt8, gets {x.DType}");
        }

        c.SetOutput(0, x.DType, x.Shape);
        var rows = RowAxis.Of(x.Shape, axis);
        c.Scratch(rows.Inner == 1 ? 0 : 2L * x.DType.Size() * rows.Length);
        c.InPlace(output: 0, input: 0);
    }

    public override unsafe Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        var rows = RowAxis.Of(x.Shape, axis);
        if (x.DType == DType.Float32)
        {
            return new AxisStep<float, float, Floats>(
                c.Workers, rows, x, y, c.ScratchPointer, default);
        }

        float* table = c.Pack<float>(SoftmaxBytes.TableLength);
        SoftmaxBytes.Fill(new Span<float>(table, SoftmaxBytes.TableLength), x.Quant!.Scale, 1);
        return x.DType == DType.Int8
            ? new AxisStep<sbyte, sbyte, Bytes<sbyte>>(
                c.Workers, rows, x, y, c.ScratchPointer, new(table, x.Quant, y.Quant!))
            : new AxisStep<byte, byte, Bytes<byte>>(
                c.Workers, rows, x, y, c.ScratchPointer, new(table, x.Quant, y.Quant!));
    }

    readonly struct Floats : IRowFunction<float, float>
    {
        public void Apply(ReadOnlySpan<float> x, Span<float> y, int length, int begin, int end) =>
            LogSoftmaxF32.Run(x, y, length, begin, end);
    }

    readonly unsafe struct Bytes<T>(float* table, Quantization from, Quantization to)
        : IRowFunction<T, T>
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        public void Apply(ReadOnlySpan<T> x, Span<T> y, int length, int begin, int end) =>
            SoftmaxBytes.RunLog(
                x, y, new(table, SoftmaxBytes.TableLength), length,
                from.Scale, to.Scale, to.ZeroPoint, begin, end);
    }
}
