using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Constants, and what is constant because shapes are.</summary>
static class ConstantImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("Constant", Constant);
        t.Add("ConstantOfShape", ConstantOfShape);
        t.Add("Range", Range);
        t.Add("Shape", ShapeOf);
        t.Add("Size", n => n.SetOutput(0,
            n.Constant<long>("size", Shape.Scalar, [n.ShapeOf(0).Elements])));
    }

    static void Constant(NodeImport n)
    {
        if (n.Tensor("value") is { } tensor)
        {
            n.SetOutput(0, n.Graph.Constant(n.Name, tensor));
        }
        else if (n.Attributes.Find("sparse_value")?.SparseTensor is { } sparse)
        {
            n.SetOutput(0, n.Graph.Constant(n.Name, SparseData.Read(
                sparse, n.Place, n.Graph.Model.File.External, n.Graph.Model.Budget)));
        }
        else if (n.Ints("value_ints") is not null)
        {
            long[] longs = [.. n.Attributes.Find("value_ints")!.Ints];
            Set<long>(n, DataType.Int64, new Shape(longs.Length), longs);
        }
        else if (n.Floats("value_floats") is { } floats)
        {
            Set<float>(n, DataType.Float, new Shape(floats.Length), floats);
        }
        else if (n.HasAttribute("value_int"))
        {
            Set<long>(n, DataType.Int64, Shape.Scalar, [n.Long("value_int", 0)]);
        }
        else if (n.HasAttribute("value_float"))
        {
            Set<float>(n, DataType.Float, Shape.Scalar, [n.Float("value_float", 0)]);
        }
        else
        {
            throw n.Unsupported("its value is text, or missing",
                "turn text into numbers before the model");
        }
    }

    static void Set<T>(NodeImport n, DataType type, Shape shape, ReadOnlySpan<T> values)
        where T : unmanaged => n.SetOutput(0, n.Graph.Constant(
            n.Name, new TensorData(type, shape, MemoryMarshal.AsBytes(values).ToArray())));

    static void ConstantOfShape(NodeImport n)
    {
        Shape shape = TensorData.ShapeOf(n.Longs(0, "shape"), n.Place);
        TensorData value = n.Tensor("value") ?? new TensorData(
            DataType.Float, new Shape(1), BitConverter.GetBytes(0f));
        if (value.Shape.Elements != 1)
        {
            throw n.Fail($"its value has {value.Shape.Elements} elements, one is needed");
        }

        if (!n.Graph.Model.Budget.TryTake(value.Stored.Bytes(shape.Elements)))
        {
            throw n.Unsupported($"it makes a constant of {shape.Elements} elements",
                "export the model with smaller constants");
        }

        int size = value.Bytes.Length;
        var bytes = new byte[(long)shape.Elements * size];
        for (int i = 0; i < shape.Elements; i++)
        {
            value.Bytes.CopyTo(bytes, i * size);
        }

        n.SetOutput(0, n.Graph.Constant(n.Name, new TensorData(value.Type, shape, bytes)));
    }

    static void Range(NodeImport n)
    {
        DType type = n.In(0).DType;
        if (type == DType.Float32)
        {
            Float(n);
            return;
        }

        long start = One(n.Longs(0, "start"), n);
        long limit = One(n.Longs(1, "limit"), n);
        long delta = One(n.Longs(2, "delta"), n);
        double count = delta == 0 ? -1 : Math.Ceiling(((double)limit - start) / delta);
        int length = Length(n, count);
        var numbers = new byte[type.Bytes(length)];
        int size = type.Size();
        for (int i = 0; i < length; i++)
        {
            BitConverter.GetBytes(start + (i * delta)).AsSpan(0, size).CopyTo(
                numbers.AsSpan(i * size));
        }

        n.SetOutput(0, n.Graph.Constant(
            n.Name, new TensorData(ElementTypes.Of(type), new Shape(length), numbers)));
    }

    static void Float(NodeImport n)
    {
        float start = One(n.Floats(0, "start"), n);
        float limit = One(n.Floats(1, "limit"), n);
        float delta = One(n.Floats(2, "delta"), n);
        int length = Length(n, Math.Ceiling(((double)limit - start) / delta));
        var numbers = new float[length];
        for (int i = 0; i < length; i++)
        {
            numbers[i] = start + (i * delta);
        }

        Set<float>(n, DataType.Float, new Shape(length), numbers);
    }

    static T One<T>(T[] values, NodeImport n) => values.Length == 1
        ? values[0]
        : throw n.Fail($"a bound has {values.Length} numbers, one is needed");

    static int Length(NodeImport n, double count)
    {
        if (!(Math.Abs(count) < Shape.MaxElements)
            || !n.Graph.Model.Budget.TryTake((long)Math.Max(count, 0) * sizeof(long)))
        {
            throw n.Fail($"it counts {count} numbers");
        }

        return (int)Math.Max(count, 0);
    }

    // Shapes are static, so what asks for one is a constant.
    static void ShapeOf(NodeImport n)
    {
        long[] dims = [.. n.ShapeOf(0).ToArray().Select(d => (long)d)];
        int start = Bound(n.Long("start", 0), dims.Length);
        int end = Bound(n.Long("end", dims.Length), dims.Length);
        long[] part = start < end ? dims[start..end] : [];
        n.SetOutput(0, n.Constant<long>("shape", new Shape(part.Length), part));
    }

    static int Bound(long bound, int rank) =>
        (int)Math.Clamp(bound < 0 ? bound + rank : bound, 0, rank);
}
