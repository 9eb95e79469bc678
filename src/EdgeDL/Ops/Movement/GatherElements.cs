using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[i, j, …] = x[index[i, j, …], j, …] along an axis: y has the indices' shape. Indices are int32
/// or int64 in [−extent, extent).
/// </summary>
/// <remarks>ONNX operator GatherElements.</remarks>
public sealed unsafe class GatherElements(int axis) : Op, IOp<GatherElements>
{
    public static OpCode Code => OpCode.GatherElements;

    public override OpCode OpCode => Code;

    /// <summary>The axis that is indexed.</summary>
    public int Axis => axis;

    public static GatherElements Read(ref AttributeReader a) => new(a.Int(0, Shape.MaxRank - 1));

    public override void Write(ref AttributeWriter a) => a.Int(axis);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        ElementIndex.Check(c, x.Shape, 1, axis);
        c.SetOutput(0, x.DType, c.Input(1).Shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        var index = new ElementIndex(c.Name, c.Input(1), x.Shape, axis);
        return x.DType.Size() switch
        {
            1 => new ElementStep<byte>(index, x, y),
            2 => new ElementStep<ushort>(index, x, y),
            4 => new ElementStep<uint>(index, x, y),
            _ => new ElementStep<ulong>(index, x, y),
        };
    }

    sealed class ElementStep<T>(ElementIndex index, TensorView x, TensorView y) : Step
        where T : unmanaged
    {
        public override void Run()
        {
            int length = y.Shape[-1];
            int rows = y.Shape.Product(0, y.Shape.Rank - 1);
            T* to = y.Pointer<T>();
            for (int row = 0; row < rows && length > 0; row++)
            {
                T* from = x.Pointer<T>() + index.Row(row);
                for (int k = 0; k < length; k++)
                {
                    *to++ = from[index.Step(row, length, k)];
                }
            }
        }
    }
}
