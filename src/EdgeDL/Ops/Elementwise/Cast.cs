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
        return x.DType == to ? CopyStep.Unless(x, c.Output(0)) : x.DType switch
        {
            DType.Float32 => From<float>(c),
            DType.Float16 => From<Half>(c),
            DType.BFloat16 => From<BFloat16Bits>(c),
            DType.Float64 => From<double>(c),
            DType.Int8 => From<sbyte>(c),
            DType.UInt8 => From<byte>(c),
            DType.Int16 => From<short>(c),
            DType.UInt16 => From<ushort>(c),
            DType.Int32 => From<int>(c),
            DType.UInt32 => From<uint>(c),
            DType.Int64 => From<long>(c),
            DType.UInt64 => From<ulong>(c),
            _ => From<TruthByte>(c),
        };
    }

    Step From<TX>(PrepareContext c)
        where TX : unmanaged
        => to switch
        {
            DType.Float32 => new CastStep<TX, float>(c),
            DType.Float16 => new CastStep<TX, Half>(c),
            DType.BFloat16 => new CastStep<TX, BFloat16Bits>(c),
            DType.Float64 => new CastStep<TX, double>(c),
            DType.Int8 => new CastStep<TX, sbyte>(c),
            DType.UInt8 => new CastStep<TX, byte>(c),
            DType.Int16 => new CastStep<TX, short>(c),
            DType.UInt16 => new CastStep<TX, ushort>(c),
            DType.Int32 => new CastStep<TX, int>(c),
            DType.UInt32 => new CastStep<TX, uint>(c),
            DType.Int64 => new CastStep<TX, long>(c),
            DType.UInt64 => new CastStep<TX, ulong>(c),
            _ => new CastStep<TX, TruthByte>(c),
        };

    sealed unsafe class CastStep<TX, TY>(PrepareContext c)
        : ElementsStep(c.Workers, c.Output(0).Elements)
        where TX : unmanaged
        where TY : unmanaged
    {
        readonly TX* from = c.Input(0).Pointer<TX>();
        readonly TY* to = c.Output(0).Pointer<TY>();

        protected override void Elements(int begin, int count)
            => Kernel.Run<TX, TY>(new(from + begin, count), new(to + begin, count));
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
