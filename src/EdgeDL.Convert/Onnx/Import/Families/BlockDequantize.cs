using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// DequantizeLinear of a constant matrix of 4 bits in blocks: it stays Int4, so that the layer
/// that reads it can multiply by the nibbles. Inputs: the matrix, scales, zero points.
/// </summary>
static class BlockDequantize
{
    /// <summary>False, and nothing done, for other tensors.</summary>
    public static bool TryImport(NodeImport n, int axis, int block)
    {
        Shape shape = n.ShapeOf(0);
        bool isConstant = n.In(0).DType is DType.Int8 or DType.UInt8 && n.Known(0) is not null
            && n.In(1).DType == DType.Float32 && n.Known(1) is not null
            && (!n.Has(2) || n.Known(2) is not null);
        if (!isConstant || shape.Rank != 2 || shape.Elements == 0 || block < 1)
        {
            return false;
        }

        (int rows, int depth) = axis == 1 ? (shape[0], shape[1]) : (shape[1], shape[0]);
        var weights = new BlockWeights(rows, depth, block);
        Shape parameters = axis == 1
            ? new Shape(rows, weights.Blocks)
            : new Shape(weights.Blocks, rows);
        if (n.ShapeOf(1) != parameters || (n.Has(2) && n.ShapeOf(2) != parameters)
            || !n.Graph.Model.Budget.TryTake(shape.Elements))
        {
            return false;
        }

        int middle = n.In(0).DType == DType.Int8 ? 8 : 0;
        int[] values = n.Ints(0, "weights");
        if (Array.Exists(values, v => v + middle is < 0 or > 15))
        {
            return false;
        }

        float[] scales = ByRow(n.Floats(1, "scales"), weights, axis);
        int[] zeros = n.Has(2)
            ? [.. ByRow(n.Ints(2, "zero points"), weights, axis).Select(z => z + middle)]
            : [.. Enumerable.Repeat(middle, scales.Length)];
        int Nibble(int row, int k) =>
            values[axis == 1 ? (row * depth) + k : (k * rows) + row] + middle;
        if (weights.Add(n, Nibble, zeros, scales) is not { } constant)
        {
            return false;
        }

        int real = n.Add(new Dequantize(), "real weights", constant);
        n.SetOutput(0, axis == 1 ? real : n.Transpose(real, 1, 0));
        return true;
    }

    static T[] ByRow<T>(T[] values, BlockWeights weights, int axis) => axis == 1
        ? values
        : [.. Enumerable.Range(0, values.Length).Select(
            i => values[(i % weights.Blocks * weights.Rows) + (i / weights.Blocks)])];
}
