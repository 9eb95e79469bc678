using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = fn(a, b) with broadcasting on plain numbers of any type; quantized integers are taken as
/// they are, so that operands and result must share one quantization to mean anything.
/// </summary>
public abstract class NumericBinary : Op
{
    public sealed override void Write(ref AttributeWriter a)
    {
    }

    /// <summary>What is wrong with the type, or null.</summary>
    private protected virtual string? Problem(DType type)
        => type == DType.Float32 || (type.IsInteger() && type != DType.Int4)
            ? null
            : $"takes Float32 or integers, gets {type}";

    public sealed override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput a = c.Input(0);
        InferInput b = c.Input(1);
        BinaryChecks.SameType(c, a, b);
        if (Problem(a.DType) is { } problem)
        {
            c.Fail(problem);
        }

        BinaryChecks.SetOutput(c, a, b, a.DType);
    }

    public sealed override Step? Prepare(PrepareContext c)
    {
        var o = new BinaryOperands(c, Activation.None);
        return c.Input(0).DType == DType.Float32 ? Floats(o) : Integers(o);
    }

    private protected abstract Step Floats(in BinaryOperands o);

    private protected abstract Step Integers(in BinaryOperands o);
}
