using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[i] = table[id[i]]; an int8 table may give fp32: y = table · scale, one scale for all rows or
/// one a row. Inputs: ids (int32), table.
/// </summary>
public sealed unsafe class EmbeddingLookup(bool dequantize) : Op, IOp<EmbeddingLookup>
{
    public static OpCode Code => OpCode.EmbeddingLookup;

    public override OpCode OpCode => Code;

    /// <summary>True if an int8 table gives fp32.</summary>
    public bool Dequantize => dequantize;

    public static EmbeddingLookup Read(ref AttributeReader a) => new(a.Bool());

    public override void Write(ref AttributeWriter a) => a.Bool(dequantize);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        MovementRules.Type(c, 0, DType.Int32);
        InferInput table = MovementRules.Whole(c, 1);
        Shape ids = c.Input(0).Shape;
        if (ids.Rank != 1 || table.Shape.Rank == 0)
        {
            c.Fail($"ids {ids} must be a list, the table {table.Shape} have rows");
        }

        if (dequantize && (table.DType != DType.Int8 || table.Quant is not { BlockSize: 0 } q
            || q.Axis > 0 || q.ZeroPoints.ContainsAnyExcept(0)
            || (q.Axis == 0 && q.Scales.Length != table.Shape[0])))
        {
            c.Fail("only a symmetric int8 table with one scale, or one a row, gives fp32");
        }

        DType type = dequantize ? DType.Float32 : table.DType;
        c.SetOutput(0, type, MovementRules.Shape(c, [ids[0], .. table.Shape.Dims[1..]]));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView ids = c.Input(0);
        TensorView table = c.Input(1);
        return dequantize
            ? new ScaledStep(c.Name, ids, table, c.Output(0))
            : new Gather.GatherStep(c.Name, table, ids, c.Output(0), 0, 1, 1, ids.Elements);
    }

    sealed class ScaledStep(string name, TensorView ids, TensorView table, TensorView y) : Step
    {
        public override void Run()
        {
            int rows = table.Shape[0];
            int row = table.Shape.Product(1, table.Shape.Rank);
            float* to = y.Pointer<float>();
            foreach (int id in ids.AsSpan<int>())
            {
                if ((uint)id >= (uint)rows)
                {
                    DataRangeException.Throw(name, $"ids lie in [0, {rows})", id);
                }

                float scale = table.Quant!.ScaleOf(id);
                sbyte* from = table.Pointer<sbyte>() + ((long)id * row);
                for (int i = 0; i < row; i++)
                {
                    *to++ = from[i] * scale;
                }
            }
        }
    }
}
