using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = fn(x), element by element. fp32 through the function's vectors; int8 and uint8 through a
/// table of 256 entries and int16 through one of 513, both computed from its scalar meaning. An
/// 8-bit output that rounds to even gets that meaning alone; others may have an arithmetic of
/// TensorFlow Lite's.
/// </summary>
public abstract class Unary : Op
{
    public override void Write(ref AttributeWriter a)
    {
    }

    public sealed override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        Check(c, x);
        c.SetOutput(0, x.DType, x.Shape);
        c.InPlace(output: 0, input: 0);
    }

    /// <summary>Throws unless the op takes such an input and gives the output the model has.
    /// </summary>
    protected virtual void Check(InferContext c, InferInput x)
    {
        switch (x.DType)
        {
            case DType.Float32:
                break;
            case DType.Int8 or DType.UInt8 or DType.Int16:
                Quantizations.Require(c, x.Quant, x.DType, "the input");
                Quantizations.Require(c, c.OutputQuant(0), x.DType, "the output");
                break;
            default:
                c.Fail($"takes Float32 or quantized Int8, UInt8, Int16, gets {x.DType}");
                break;
        }
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Float32 => PrepareFloat32(c),
        DType.Int16 => PrepareInt16(c),
        _ when c.Output(0).Quant!.Rounding == Rounding.ToEven =>
            Table8Step.Create(c, new TableFill.ToEven(Meaning)),
        _ => Prepare8(c),
    };

    /// <summary>The function as tables see it.</summary>
    private protected abstract ScalarFunction Meaning { get; }

    private protected abstract Step PrepareFloat32(PrepareContext c);

    /// <summary>The step for quantized int8 and uint8.</summary>
    private protected virtual Step Prepare8(PrepareContext c)
        => Table8Step.Create(c, new TableFill.Nearest(Meaning));

    /// <summary>The step for quantized int16.</summary>
    private protected virtual Step PrepareInt16(PrepareContext c)
        => Table16Step.Create(c, Meaning);
}

/// <summary>A unary op by its function.</summary>
public abstract class Unary<TSelf, TFn> : Unary
    where TSelf : Op, IOp<TSelf>
    where TFn : struct, IUnary
{
    public sealed override OpCode OpCode => TSelf.Code;

    /// <summary>The function with its attributes.</summary>
    protected abstract TFn Function { get; }

    private protected sealed override ScalarFunction Meaning => new ScalarFunction<TFn>(Function);

    private protected sealed override Step PrepareFloat32(PrepareContext c)
        => new UnaryF32Step<TFn>(c.Workers, c.Input(0), c.Output(0), Function);
}

/// <summary>A unary op that also has a meaning in plain integers.</summary>
public abstract class IntegerUnary<TSelf, TFn, TInteger> : Unary<TSelf, TFn>
    where TSelf : Op, IOp<TSelf>
    where TFn : struct, IUnary
    where TInteger : struct, IIntegerUnary
{
    protected override void Check(InferContext c, InferInput x)
    {
        if (x.Quant is null && x.DType.IsInteger() && x.DType != DType.Int4)
        {
            return;
        }

        base.Check(c, x);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        return x.Quant is null && x.DType.IsInteger()
            ? WideUnaryStep.Create<TInteger>(c, x.DType)
            : base.Prepare(c);
    }
}
