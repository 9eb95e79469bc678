using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;
using Kernel = EdgeDL.Kernels.Elementwise.Cast;

namespace EdgeDL.Ops;

/// <summary>
/// y = x in another element type. Floats become integers by dropping the fraction, the nearest end
/// standing for what is out of range and 0 for NaN; integers become narrower by dropping high bits.
/// </summary>
public sealed class Cast(DType to) : Op, IOp<Cast>
{
    public static OpCode Code => OpCode.Cast;

    public override OpCode OpCode => Code;

    /// <summary>The element type of the result.</summary>
    public DType To => to;

    public static Cast Read(ref AttributeReader a) => new((DType)a.Byte());

    public override void Write(ref AttributeWriter a) => a.Byte((byte)to);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        Check(c, x.DType);
        Check(c, to);
        c.SetOutput(0, to, x.Shape);
        if (x.DType == to)
        {
            c.View(output: 0, input: 0);
        }
        else if (x.DType.Bits() == to.Bits())
        {
            c.InPlace(output: 0, input: 0);
        }
    }

    static void Check(InferContext c, DType type)
    {
        if (!type.IsKnown() || type is DType.Int4 or DType.Complex64)
        {
            c.Fail($"can't cast {type}");
        }
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        return x.DType == to
            ? CopyStep.Unless(x, c.Output(0))
            : new CastStep(c, ElementOf(x.DType), ElementOf(to));
    }

    static Kernel.Element ElementOf(DType type) => type switch
    {
        DType.Float32 => Kernel.Element.Of<float>(),
        DType.Float16 => Kernel.Element.Of<Half>(),
        DType.BFloat16 => Kernel.Element.Of<BFloat16Bits>(),
        DType.Float64 => Kernel.Element.Of<double>(),
        DType.Int8 => Kernel.Element.Of<sbyte>(),
        DType.UInt8 => Kernel.Element.Of<byte>(),
        DType.Int16 => Kernel.Element.Of<short>(),
        DType.UInt16 => Kernel.Element.Of<ushort>(),
        DType.Int32 => Kernel.Element.Of<int>(),
        DType.UInt32 => Kernel.Element.Of<uint>(),
        DType.Int64 => Kernel.Element.Of<long>(),
        DType.UInt64 => Kernel.Element.Of<ulong>(),
        _ => Kernel.Element.Of<TruthByte>(),
    };

    sealed unsafe class CastStep(PrepareContext c, Kernel.Element from, Kernel.Element to)
        : ElementsStep(c.Workers, c.Output(0).Elements)
    {
        readonly byte* x = c.Input(0).Data;
        readonly byte* y = c.Output(0).Data;
        readonly int xBytes = c.Input(0).DType.Size();
        readonly int yBytes = c.Output(0).DType.Size();

        protected override void Elements(int begin, int count) => Kernel.Run(
            from, x + ((long)begin * xBytes), to, y + ((long)begin * yBytes), count);
    }
}

/// <summary>y = x's bytes as another element type of the same size.</summary>
public sealed class Bitcast(DType to) : Op, IOp<Bitcast>
{
    public static OpCode Code => OpCode.Bitcast;

    public override OpCode OpCode => Code;

    public static Bitcast Read(ref AttributeReader a) => new((DType)a.Byte());

    public override void Write(ref AttributeWriter a) => a.Byte((byte)to);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (!to.IsKnown() || to.Bits() != x.DType.Bits())
        {
            c.Fail($"{x.DType} and {to} differ in size");
        }

        c.SetOutput(0, to, x.Shape);
        c.View(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) => CopyStep.Unless(c.Input(0), c.Output(0));
}
