using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What every op with two operands asks of them.</summary>
static class BinaryChecks
{
    public static void SameType(InferContext c, InferInput a, InferInput b)
    {
        if (a.DType != b.DType)
        {
            c.Fail($"takes operands of one type, gets {a.DType} and {b.DType}");
        }
    }

    /// <summary>The broadcast shape; the output may take the memory of an operand of its size.
    /// </summary>
    public static void SetOutput(InferContext c, InferInput a, InferInput b, DType type)
    {
        Shape shape = Broadcast.Infer(c, a.Shape, b.Shape);
        c.SetOutput(0, type, shape);
        if (type.Bits() != a.DType.Bits())
        {
            return;
        }

        // The other operand may be read at other places, but it lies in other memory.
        if (a.Shape.Elements == shape.Elements && !a.IsConstant)
        {
            c.InPlace(output: 0, input: 0);
        }
        else if (b.Shape.Elements == shape.Elements && !b.IsConstant)
        {
            c.InPlace(output: 0, input: 1);
        }
    }
}
