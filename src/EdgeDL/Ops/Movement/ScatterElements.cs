using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x, then y[index[i, j, …], j, …] = updates[i, j, …] (or joined with what is there) along an
/// axis, in the order of the updates. Inputs: x, indices in [−extent, extent), updates of their
/// shape.
/// </summary>
/// <remarks>ONNX operators ScatterElements and Scatter.</remarks>
public sealed unsafe class ScatterElements(int axis, ScatterKind kind)
    : Op, IOp<ScatterElements>
{
    public static OpCode Code => OpCode.ScatterElements;

    public override OpCode OpCode => Code;

    /// <summary>The axis that is indexed.</summary>
    public int Axis => axis;

    /// <summary>What happens to the value that is there.</summary>
    public ScatterKind Kind => kind;

    public static ScatterElements Read(ref AttributeReader a) =>
        new(a.Int(0, Shape.MaxRank - 1), (ScatterKind)a.Enum(ScatterKinds.Count));

    public override void Write(ref AttributeWriter a)
    {
        a.Int(axis);
        a.Byte((byte)kind);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 3, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        ElementIndex.Check(c, x.Shape, 1, axis);
        MovementRules.Type(c, 2, x.DType);
        MovementRules.Shape(c, 2, c.Input(1).Shape);
        ScatterKinds.Check(c, kind, x.DType);
        c.SetOutput(0, x.DType, x.Shape);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c)
    {
        var index = new ElementIndex(c.Name, c.Input(1), c.Input(0).Shape, axis);
        return ScatterKinds.Dispatch(c.Input(0).DType, kind, new Maker(c, index));
    }

    readonly struct Maker(PrepareContext c, ElementIndex index) : IScatterMaker
    {
        public Step Make<T, TJoin>()
            where T : unmanaged
            where TJoin : struct, IJoin<T> =>
            new ElementStep<T, TJoin>(index, c.Input(0), c.Input(2), c.Output(0));
    }

    sealed class ElementStep<T, TJoin>(
        ElementIndex index, TensorView x, TensorView updates, TensorView y) : Step
        where T : unmanaged
        where TJoin : struct, IJoin<T>
    {
        public override void Run()
        {
            if (x.Data != y.Data)
            {
                Buffer.MemoryCopy(x.Data, y.Data, y.Bytes, x.Bytes);
            }

            int length = updates.Shape[-1];
            int rows = updates.Shape.Product(0, updates.Shape.Rank - 1);
            T* from = updates.Pointer<T>();
            for (int row = 0; row < rows && length > 0; row++)
            {
                T* to = y.Pointer<T>() + index.Row(row);
                for (int k = 0; k < length; k++)
                {
                    T* at = to + index.Step(row, length, k);
                    *at = TJoin.Join(*at, *from++);
                }
            }
        }
    }
}
