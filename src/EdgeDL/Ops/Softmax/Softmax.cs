using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels;
using EdgeDL.Kernels.Softmax;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = exp(β·(x − max)) / Σ exp(β·(x − max)) along one axis. fp32; int8 or uint8 to itself and int8
/// to int16 through a table of float exponentials; int16 in fixed point.
/// </summary>
public sealed class Softmax(int axis, float beta) : Op, IOp<Softmax>
{
    public static OpCode Code => OpCode.Softmax;

    public override OpCode OpCode => Code;

    public int Axis => axis;

    public float Beta => beta;

    public static Softmax Read(ref AttributeReader a) =>
        new(a.Int(0, Shape.MaxRank - 1), a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(axis);
        a.Float(beta);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        RowAxis.Check(c, x.Shape, axis);
        if (!(beta >= 0 && float.IsFinite(beta)))
        {
            c.Fail($"beta {beta} is not finite and positive");
        }

        var rows = RowAxis.Of(x.Shape, axis);
        if (x.DType == DType.Int16 && rows.Length > short.MaxValue)
        {
            c.Fail($"sums {rows.Length} numbers of 16 bits, at most {short.MaxValue} fit");
        }

        DType type = x.DType;
        switch (x.DType)
        {
            case DType.Float32:
                break;
            case DType.Int8 or DType.UInt8 or DType.Int16:
                Quantization from = Quantizations.Require(c, x.Quant, type, "the input");
                Quantization? quant = c.OutputQuant(0);
                // An int8 output has scale 1/256, an int16 output 1/32768.
                type = type == DType.Int8 && quant is { Scale: < 1 / 1024f } ? DType.Int16 : type;
                Quantization to = Quantizations.Require(c, quant, type, "the output");
                CheckIntegers(c, x.DType, from, to);
                break;
            default:
                c.Fail($"takes Float32, Int8, UInt8 or Int16, gets {x.DType}");
                break;
        }

        c.SetOutput(0, type, x.Shape);
        c.Scratch(rows.Inner == 1 ? 0 : (long)(x.DType.Size() + type.Size()) * rows.Length);
        if (type == DType.Float32)
        {
            c.InPlace(output: 0, input: 0);
        }
    }

    void CheckIntegers(InferContext c, DType type, Quantization from, Quantization to)
    {
        if (type == DType.UInt8 && to.ZeroPoint != 0 && to.Rounding != Rounding.ToEven)
        {
            c.Fail($"gives UInt8 with zero point 0, the model says {to.ZeroPoint}");
        }

        if (type == DType.Int16 && !(SoftmaxS16.RealMultiplier(from.Scale, beta) < 1 << 30))
        {
            c.Fail($"input scale {from.Scale} times beta {beta} is out of range");
        }
    }

    public override unsafe Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        var rows = RowAxis.Of(x.Shape, axis);
        switch (x.DType)
        {
            case DType.Float32:
                var kernel = KernelRow.First(SoftmaxF32.Rows()).Function;
                return new AxisStep<float, float, Floats>(
                    c.Workers, rows, x, y, c.ScratchPointer, new Floats(kernel, beta));
            case DType.Int16:
                return new AxisStep<short, short, Shorts>(
                    c.Workers, rows, x, y, c.ScratchPointer,
                    new Shorts(new SoftmaxS16(x.Quant!.Scale, beta)));
        }

        float* table = c.Pack<float>(SoftmaxBytes.TableLength);
        SoftmaxBytes.Fill(new Span<float>(table, SoftmaxBytes.TableLength), x.Quant!.Scale, beta);
        float scale = y.Quant!.Scale;
        int zero = y.Quant.ZeroPoint;
        bool toEven = y.Quant.Rounding == Rounding.ToEven;
        return (x.DType, y.DType) switch
        {
            (DType.UInt8, _) when toEven => new AxisStep<byte, byte, ToEven<byte>>(
                c.Workers, rows, x, y, c.ScratchPointer, new ToEven<byte>(table, scale, zero)),
            (_, DType.Int8) when toEven => new AxisStep<sbyte, sbyte, ToEven<sbyte>>(
                c.Workers, rows, x, y, c.ScratchPointer, new ToEven<sbyte>(table, scale, zero)),
            (DType.UInt8, _) => new AxisStep<byte, byte, Unsigned>(
                c.Workers, rows, x, y, c.ScratchPointer, new Unsigned(table, scale, zero)),
            (_, DType.Int16) => new AxisStep<sbyte, short, Widening>(
                c.Workers, rows, x, y, c.ScratchPointer, new Widening(table, scale, zero)),
            _ => new AxisStep<sbyte, sbyte, Signed>(
                c.Workers, rows, x, y, c.ScratchPointer, new Signed(table, scale, zero)),
        };
    }

    readonly struct Floats(SoftmaxF32.Function kernel, float beta) : IRowFunction<float, float>
    {
        public void Apply(ReadOnlySpan<float> x, Span<float> y, int length, int begin, int end) =>
            kernel(x, y, length, beta, begin, end);
    }

    readonly struct Shorts(SoftmaxS16 kernel) : IRowFunction<short, short>
    {
        public void Apply(ReadOnlySpan<short> x, Span<short> y, int length, int begin, int end) =>
            kernel.Run(x, y, length, begin, end);
    }

    readonly unsafe struct Signed(float* table, float scale, int zero) : IRowFunction<sbyte, sbyte>
    {
        public void Apply(ReadOnlySpan<sbyte> x, Span<sbyte> y, int length, int begin, int end) =>
            SoftmaxBytes.Run<sbyte, sbyte, SoftmaxBytes.HalfAway>(
                x, y, new(table, SoftmaxBytes.TableLength), length, scale, zero, begin, end);
    }

    readonly unsafe struct Widening(float* table, float scale, int zero)
        : IRowFunction<sbyte, short>
    {
        public void Apply(ReadOnlySpan<sbyte> x, Span<short> y, int length, int begin, int end) =>
            SoftmaxBytes.Run<sbyte, short, SoftmaxBytes.HalfAway>(
                x, y, new(table, SoftmaxBytes.TableLength), length, scale, zero, begin, end);
    }

    readonly unsafe struct Unsigned(float* table, float scale, int zero) : IRowFunction<byte, byte>
    {
        public void Apply(ReadOnlySpan<byte> x, Span<byte> y, int length, int begin, int end) =>
            SoftmaxBytes.Run<byte, byte, SoftmaxBytes.AddHalf>(
                x, y, new(table, SoftmaxBytes.TableLength), length, scale, zero, begin, end);
    }

    readonly unsafe struct ToEven<T>(float* table, float scale, int zero) : IRowFunction<T, T>
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        public void Apply(ReadOnlySpan<T> x, Span<T> y, int length, int begin, int end) =>
            SoftmaxBytes.Run<T, T, SoftmaxBytes.ToEven>(
                x, y, new(table, SoftmaxBytes.TableLength), length, scale, zero, begin, end);
    }
}
