using EdgeDL.Execution;
using EdgeDL.Tensors;

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
        TensorView y = c.Output(0);
        return x.DType == y.DType ? CopyStep.Unless(x, y)
            : x.DType.IsFloat() || y.DType.IsFloat() ? new DoubleStep(c.Workers, x, y)
            : new LongStep(c.Workers, x, y);
    }

    sealed unsafe class LongStep(Workers workers, TensorView x, TensorView y)
        : ElementsStep(workers, y.Elements)
    {
        readonly byte* from = x.Data;
        readonly byte* to = y.Data;
        readonly int sizeX = x.DType.Size();
        readonly int sizeY = y.DType.Size();
        readonly delegate*<byte*, int, long*, void> widen = WideElements.ToLong(x.DType);
        readonly delegate*<long*, int, byte*, void> narrow = WideElements.FromLong(y.DType);

        protected override void Elements(int begin, int count)
        {
            long* wide = stackalloc long[WideElements.Block];
            for (int i = begin; i < begin + count; i += WideElements.Block)
            {
                int n = Math.Min(WideElements.Block, begin + count - i);
                widen(from + ((long)i * sizeX), n, wide);
                narrow(wide, n, to + ((long)i * sizeY));
            }
        }
    }

    sealed unsafe class DoubleStep(Workers workers, TensorView x, TensorView y)
        : ElementsStep(workers, y.Elements)
    {
        readonly byte* from = x.Data;
        readonly byte* to = y.Data;
        readonly int sizeX = x.DType.Size();
        readonly int sizeY = y.DType.Size();
        readonly delegate*<byte*, int, double*, void> widen = WideElements.ToDouble(x.DType);
        readonly delegate*<double*, int, byte*, void> narrow = WideElements.FromDouble(y.DType);

        protected override void Elements(int begin, int count)
        {
            double* wide = stackalloc double[WideElements.Block];
            for (int i = begin; i < begin + count; i += WideElements.Block)
            {
                int n = Math.Min(WideElements.Block, begin + count - i);
                widen(from + ((long)i * sizeX), n, wide);
                narrow(wide, n, to + ((long)i * sizeY));
            }
        }
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
