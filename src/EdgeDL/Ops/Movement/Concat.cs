using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x₀, x₁, … one after the other along an axis. 8-bit inputs of another quantization than y's
/// are requantized: q = round((q − zero) · scale / scale_y) + zero_y.
/// </summary>
public sealed unsafe class Concat(int axis) : Op, IOp<Concat>
{
    public static OpCode Code => OpCode.Concat;

    public override OpCode OpCode => Code;

    /// <summary>The axis along which the inputs follow one another.</summary>
    public int Axis => axis;

    public static Concat Read(ref AttributeReader a) => new(a.Int(0, Shape.MaxRank - 1));

    public override void Write(ref AttributeWriter a) => a.Int(axis);

    public override void Infer(InferContext c)
    {
        c.Arity(c.InputCount, c.InputCount, outputs: 1);
        if (c.InputCount == 0)
        {
            c.Fail("has nothing to join");
        }

        InferInput first = MovementRules.Whole(c, 0);
        MovementRules.Axis(c, axis, first.Shape.Rank);
        long extent = 0;
        for (int i = 0; i < c.InputCount; i++)
        {
            InferInput x = c.Input(i);
            extent += x.Shape.Rank == first.Shape.Rank ? x.Shape[axis] : 0;
            if (x.DType != first.DType || x.Shape.Rank != first.Shape.Rank
                || x.Shape.With(axis, 0) != first.Shape.With(axis, 0))
            {
                c.Fail($"input {i} is {x.DType} {x.Shape}, which does not continue "
                    + $"{first.DType} {first.Shape} along axis {axis}");
            }

            CheckQuant(c, x, i);
        }

        if (extent > int.MaxValue)
        {
            c.Fail($"the joined axis would have {extent} elements");
        }

        Span<int> dims = stackalloc int[Shape.MaxRank];
        first.Shape.Dims.CopyTo(dims);
        dims[axis] = (int)extent;
        c.SetOutput(0, first.DType, MovementRules.Shape(c, dims[..first.Shape.Rank]));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView y = c.Output(0);
        int size = y.DType.Size();
        int outer = y.Shape.Product(0, axis);
        long yRow = y.Shape.Product(axis, y.Shape.Rank) * (long)size;
        long at = 0;
        var parts = new List<StridedPart>();
        var maps = new List<ByteMapPart>();
        for (int i = 0; i < c.InputCount; i++)
        {
            TensorView x = c.Input(i);
            long xRow = x.Shape.Product(axis, x.Shape.Rank) * (long)size;
            StridedCopy.Axis[] axes = [new(outer, xRow, yRow), new((int)(xRow / size), size, size)];
            if (NeedsMap(x.Quant, y.Quant))
            {
                byte* table = c.Pack<byte>(256);
                FillTable(table, x.DType, x.Quant!, y.Quant!);
                maps.Add(new ByteMapPart(x.Data, y.Data + at, outer, xRow, yRow, table));
            }
            else if (x.Elements > 0)
            {
                parts.Add(new StridedPart(x, 0, y, at, axes, size));
            }

            at += xRow;
        }

        return maps.Count == 0
            ? new StridedStep([.. parts])
            : new MapAndCopyStep([.. maps], [.. parts]);
    }

    static void CheckQuant(InferContext c, InferInput x, int i)
    {
        Quantization? to = c.OutputQuant(0);
        bool mappable = x.DType is DType.Int8 or DType.UInt8
            && x.Quant is { IsPerTensor: true } && to is { IsPerTensor: true };
        if (x.Quant is not null && to is not null && !Quantization.Same(x.Quant, to) && !mappable)
        {
            c.Fail($"input {i} is quantized as {x.Quant}, the output as {to}; only 8-bit tensors "
                + "can be brought from one scale to another here");
        }
    }

    static void FillTable(byte* table, DType type, Quantization from, Quantization to)
    {
        if (to.Rounding == Rounding.ToEven)
        {
            var range = new TableRange(
                from.Scale, from.ZeroPoint, to.Scale, to.ZeroPoint, type == DType.Int8);
            TableFill.Run(
                new Span<byte>(table, Table8.Entries), default(TableFill.Rescaled), range);
            return;
        }

        ByteMapPart.FillTable(table, type, from, to);
    }

    static bool NeedsMap(Quantization? from, Quantization? to) =>
        from is not null && to is not null && !Quantization.Same(from, to);
}

/// <summary>y[row, i] = table[x[row, i]].</summary>
readonly unsafe struct ByteMapPart(byte* x, byte* y, int rows, long xRow, long yRow, byte* table)
{
    public void Run()
    {
        for (int r = 0; r < rows; r++)
        {
            byte* from = x + (r * xRow);
            byte* to = y + (r * yRow);
            for (long i = 0; i < xRow; i++)
            {
                to[i] = table[from[i]];
            }
        }
    }

    /// <summary>For each byte of one 8-bit quantization the byte of the other, computed in fp32
    /// with halves away from zero as TensorFlow Lite's concatenation does.</summary>
    public static void FillTable(byte* table, DType type, Quantization from, Quantization to)
    {
        float scale = from.Scale * (1f / to.Scale);
        float bias = -from.ZeroPoint * scale;
        bool signed = type == DType.Int8;
        for (int i = 0; i < 256; i++)
        {
            int q = signed ? (sbyte)i : i;
            float rounded = MathF.Round((q * scale) + bias, MidpointRounding.AwayFromZero);
            float least = signed ? -128f : 0f;
            float value = Math.Clamp(rounded + to.ZeroPoint, least, least + 255f);
            table[i] = (byte)(int)value;
        }
    }
}

/// <summary>Requantized and plain parts of one join.</summary>
sealed class MapAndCopyStep(ByteMapPart[] maps, StridedPart[] parts) : Step
{
    public override void Run()
    {
        foreach (ref readonly ByteMapPart map in maps.AsSpan())
        {
            map.Run();
        }

        foreach (ref readonly StridedPart part in parts.AsSpan())
        {
            part.Run();
        }
    }
}
