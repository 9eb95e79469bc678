using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What must hold of a cell's matrices.</summary>
static class CellRules
{
    /// <summary>A matrix of this shape: fp32, or constant int8 with one symmetric scale.</summary>
    public static void Matrix(InferContext c, int i, int rows, int columns)
    {
        InferInput m = c.Input(i);
        MovementRules.Shape(c, i, MovementRules.Shape(c, [rows, columns]));
        bool int8 = m.DType == DType.Int8 && m.IsConstant
            && m.Quant is { IsPerTensor: true, ZeroPoint: 0 };
        if (m.DType != DType.Float32 && !int8)
        {
            c.Fail($"input {i} is {m.DType}; weights are Float32, or constant Int8 with one scale");
        }
    }
}
