using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = not x, on truth values.</summary>
public sealed class LogicalNot : Op, IOp<LogicalNot>
{
    public static OpCode Code => OpCode.LogicalNot;

    public override OpCode OpCode => Code;

    public static LogicalNot Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (x.DType != DType.Bool)
        {
            c.Fail($"takes Bool, gets {x.DType}");
        }

        c.SetOutput(0, DType.Bool, x.Shape);
        c.InPlace(output: 0, input: 0);
    }

    public override Step Prepare(PrepareContext c)
        => new NotStep(c.Workers, c.Input(0), c.Output(0));

    sealed unsafe class NotStep(Workers workers, TensorView x, TensorView y)
        : ElementsStep(workers, y.Elements)
    {
        readonly byte* from = x.Data;
        readonly byte* to = y.Data;

        protected override void Elements(int begin, int count)
        {
            for (int i = begin; i < begin + count; i++)
            {
                to[i] = from[i] == 0 ? (byte)1 : (byte)0;
            }
        }
    }
}

/// <summary>y = every bit of x turned.</summary>
public sealed class BitwiseNot : BitsOp<BitwiseNot, IntegerFn.BitwiseNot>, IOp<BitwiseNot>
{
    public static OpCode Code => OpCode.BitwiseNot;

    public static BitwiseNot Read(ref AttributeReader a) => new();
}

/// <summary>y = the number of set bits of x.</summary>
public sealed class PopulationCount
    : BitsOp<PopulationCount, IntegerFn.PopulationCount>, IOp<PopulationCount>
{
    public static OpCode Code => OpCode.PopulationCount;

    public static PopulationCount Read(ref AttributeReader a) => new();
}

/// <summary>A function of an integer's bits, of any width.</summary>
public abstract class BitsOp<TSelf, TFn> : Op
    where TSelf : Op, IOp<TSelf>
    where TFn : struct, IIntegerUnary
{
    public sealed override OpCode OpCode => TSelf.Code;

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (!x.DType.IsInteger() || x.DType == DType.Int4)
        {
            c.Fail($"takes integers, gets {x.DType}");
        }

        c.SetOutput(0, x.DType, x.Shape);
        c.InPlace(output: 0, input: 0);
    }

    // Read without a sign, so that widening adds no bits.
    public override Step? Prepare(PrepareContext c) => WideUnaryStep.Create<TFn>(
        c,
        c.Input(0).DType switch
        {
            DType.Int8 => DType.UInt8,
            DType.Int16 => DType.UInt16,
            DType.Int32 => DType.UInt32,
            DType.Int64 => DType.UInt64,
            DType type => type,
        });
}

/// <summary>y = 1 where x is not a number.</summary>
public sealed class IsNan : FloatQuestion<IsNan, FloatQuestions.Nan>, IOp<IsNan>
{
    public static OpCode Code => OpCode.IsNan;

    public static IsNan Read(ref AttributeReader a) => new();
}

/// <summary>y = 1 where x is infinite.</summary>
public sealed class IsInf : FloatQuestion<IsInf, FloatQuestions.Infinite>, IOp<IsInf>
{
    public static OpCode Code => OpCode.IsInf;

    public static IsInf Read(ref AttributeReader a) => new();
}

/// <summary>y = 1 where x's sign bit is set; −0 counts.</summary>
public sealed class SignBit : FloatQuestion<SignBit, FloatQuestions.Negative>, IOp<SignBit>
{
    public static OpCode Code => OpCode.SignBit;

    public static SignBit Read(ref AttributeReader a) => new();
}

/// <summary>A question about a float, answered by a truth value.</summary>
public interface IFloatQuestion
{
    bool Apply(float x);
}

/// <summary>The questions.</summary>
public static class FloatQuestions
{
    public readonly struct Nan : IFloatQuestion
    {
        public bool Apply(float x) => float.IsNaN(x);
    }

    public readonly struct Infinite : IFloatQuestion
    {
        public bool Apply(float x) => float.IsInfinity(x);
    }

    public readonly struct Negative : IFloatQuestion
    {
        public bool Apply(float x) => float.IsNegative(x);
    }
}

/// <summary>y = fn(x) with fp32 in and truth values out.</summary>
public abstract class FloatQuestion<TSelf, TFn> : Op
    where TSelf : Op, IOp<TSelf>
    where TFn : struct, IFloatQuestion
{
    public sealed override OpCode OpCode => TSelf.Code;

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (x.DType != DType.Float32)
        {
            c.Fail($"takes Float32, gets {x.DType}");
        }

        c.SetOutput(0, DType.Bool, x.Shape);
    }

    public override Step? Prepare(PrepareContext c)
        => new QuestionStep(c.Workers, c.Input(0), c.Output(0));

    sealed unsafe class QuestionStep(Workers workers, TensorView x, TensorView y)
        : ElementsStep(workers, y.Elements)
    {
        readonly float* from = x.Pointer<float>();
        readonly byte* to = y.Data;

        protected override void Elements(int begin, int count)
        {
            for (int i = begin; i < begin + count; i++)
            {
                to[i] = default(TFn).Apply(from[i]) ? (byte)1 : (byte)0;
            }
        }
    }
}
