using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Onnx;

/// <summary>A constant of which the file holds only what is not zero.</summary>
static class SparseData
{
    /// <summary>The dense tensor. Indices are linear [n], or one row of coordinates each [n, rank].
    /// </summary>
    public static TensorData Read(
        SparseTensorProto sparse, string place, ExternalData external, ConstantBudget budget)
    {
        if (sparse.Values is null || sparse.Indices is null)
        {
            throw Reject.Model(place, "a sparse tensor has values and indices");
        }

        Shape shape = TensorData.ShapeOf(sparse.Dims, place);
        TensorData values = TensorData.Read(sparse.Values, place, external);
        TensorData indices = TensorData.Read(sparse.Indices, place, external);
        int count = values.Shape.Elements;
        bool isLinear = indices.Shape.Rank == 1;
        bool fits = values.Shape.Rank == 1 && indices.Type == DataType.Int64
            && indices.Shape == (isLinear ? new Shape(count) : new Shape(count, shape.Rank));
        int size = values.Stored.Size();
        if (!fits || !budget.TryTake((long)shape.Elements * size))
        {
            throw Reject.Model(place, $"{values.Shape} values at {indices.Type} indices "
                + $"{indices.Shape} do not make a tensor {shape}");
        }

        ReadOnlySpan<long> at = MemoryMarshal.Cast<byte, long>(indices.Bytes);
        var dense = new byte[(long)shape.Elements * size];
        for (int i = 0; i < count; i++)
        {
            long index = isLinear ? at[i] : Linear(at.Slice(i * shape.Rank, shape.Rank), shape);
            if (index < 0 || index >= shape.Elements)
            {
                throw Reject.Model(place, $"index {i} is outside {shape}");
            }

            values.Bytes.AsSpan(i * size, size).CopyTo(dense.AsSpan((int)index * size));
        }

        return new TensorData(values.Type, shape, dense);
    }

    static long Linear(ReadOnlySpan<long> coordinates, Shape shape)
    {
        long index = 0;
        for (int axis = 0; axis < coordinates.Length; axis++)
        {
            if (coordinates[axis] < 0 || coordinates[axis] >= shape[axis])
            {
                return -1;
            }

            index = (index * shape[axis]) + coordinates[axis];
        }

        return index;
    }
}
