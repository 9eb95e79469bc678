using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[i] = the row of values whose key is wanted[i], or zero. Inputs: wanted (int32), keys (int32,
/// rising), values; outputs: rows, and whether the key was there (uint8).
/// </summary>
public sealed unsafe class HashtableLookup : Op, IOp<HashtableLookup>
{
    public static OpCode Code => OpCode.HashtableLookup;

    public override OpCode OpCode => Code;

    public static HashtableLookup Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 3, outputs: 2);
        MovementRules.Type(c, 0, DType.Int32);
        MovementRules.Type(c, 1, DType.Int32);
        InferInput values = MovementRules.Whole(c, 2);
        Shape wanted = c.Input(0).Shape;
        Shape keys = c.Input(1).Shape;
        if (wanted.Rank != 1 || keys.Rank != 1 || values.Shape.Rank == 0
            || values.Shape[0] != keys[0])
        {
            c.Fail($"keys {keys} and {wanted} don't fit values {values.Shape}");
        }

        c.SetOutput(
            0, values.DType, MovementRules.Shape(c, [wanted[0], .. values.Shape.Dims[1..]]));
        c.SetOutput(1, DType.UInt8, wanted);
    }

    public override Step? Prepare(PrepareContext c) => new LookupStep(
        c.Input(0), c.Input(1), c.Input(2), c.Output(0), c.Output(1));

    sealed class LookupStep(
        TensorView wanted, TensorView keys, TensorView values, TensorView y, TensorView hits) : Step
    {
        public override void Run()
        {
            long row = values.Shape.Product(1, values.Shape.Rank) * (long)values.DType.Size();
            y.AsBytes().Clear();
            for (int i = 0; i < wanted.Elements; i++)
            {
                int at = keys.AsSpan<int>().BinarySearch(wanted.Pointer<int>()[i]);
                hits.Data[i] = at >= 0 ? (byte)1 : (byte)0;
                if (at >= 0)
                {
                    Buffer.MemoryCopy(values.Data + (at * row), y.Data + (i * row), row, row);
                }
            }
        }
    }
}
