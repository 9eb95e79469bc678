using EdgeDL.Execution;
using EdgeDL.Kernels.Movement;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Pads the axes after the first, then takes every block-th element of them as a batch of its own:
/// how a dilated convolution becomes a plain one.
/// </summary>
public sealed unsafe class SpaceToBatchNd(int[] block, int[] before, int[] after)
    : Op, IOp<SpaceToBatchNd>
{
    public static OpCode Code => OpCode.SpaceToBatchNd;

    public override OpCode OpCode => Code;

    /// <summary>The step along each spatial axis.</summary>
    public ReadOnlySpan<int> Block => block;

    /// <summary>Zeros put before the first of each spatial axis.</summary>
    public ReadOnlySpan<int> Before => before;

    /// <summary>Zeros put after the last of each spatial axis.</summary>
    public ReadOnlySpan<int> After => after;

    public static SpaceToBatchNd Read(ref AttributeReader a) =>
        new(a.Ints(Shape.MaxRank), a.Ints(Shape.MaxRank), a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a)
    {
        a.Ints(block);
        a.Ints(before);
        a.Ints(after);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        BlockRules.Check(c, x.Shape, block, before, after);
        int[] dims = x.Shape.ToArray();
        long batch = dims[0];
        for (int i = 0; i < block.Length; i++)
        {
            long padded = (long)before[i] + dims[i + 1] + after[i];
            batch = Math.Min(batch * block[i], int.MaxValue + 1L);
            if (padded % block[i] != 0 || batch > int.MaxValue || padded > int.MaxValue)
            {
                c.Fail($"axis {i + 1} with borders has {padded} elements, not whole steps of "
                    + $"{block[i]}");
            }

            dims[i + 1] = (int)(padded / block[i]);
        }

        dims[0] = (int)batch;
        c.SetOutput(0, x.DType, MovementRules.Shape(c, dims));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        StridedPart[] parts = BlockRules.Parts(x, y, block, before, spaceIsX: true);
        return new FillThenCopyStep(y, Pad.RealZero(c, y), parts);
    }
}

/// <summary>The inverse of <see cref="SpaceToBatchNd"/>: interleaves batches, then crops.</summary>
public sealed class BatchToSpaceNd(int[] block, int[] before, int[] after)
    : Op, IOp<BatchToSpaceNd>
{
    public static OpCode Code => OpCode.BatchToSpaceNd;

    public override OpCode OpCode => Code;

    /// <summary>The step along each spatial axis.</summary>
    public ReadOnlySpan<int> Block => block;

    /// <summary>Elements cut off before the first of each spatial axis.</summary>
    public ReadOnlySpan<int> Before => before;

    /// <summary>Elements cut off after the last of each spatial axis.</summary>
    public ReadOnlySpan<int> After => after;

    public static BatchToSpaceNd Read(ref AttributeReader a) =>
        new(a.Ints(Shape.MaxRank), a.Ints(Shape.MaxRank), a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a)
    {
        a.Ints(block);
        a.Ints(before);
        a.Ints(after);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = MovementRules.Whole(c, 0);
        BlockRules.Check(c, x.Shape, block, before, after);
        int[] dims = x.Shape.ToArray();
        for (int i = 0; i < block.Length; i++)
        {
            long extent = ((long)dims[i + 1] * block[i]) - before[i] - after[i];
            if (dims[0] % block[i] != 0 || extent < 0 || extent > int.MaxValue)
            {
                c.Fail($"{x.Shape} has no whole blocks of {block[i]}, or axis {i + 1} is "
                    + "cropped away");
            }

            dims[0] /= block[i];
            dims[i + 1] = (int)extent;
        }

        c.SetOutput(0, x.DType, MovementRules.Shape(c, dims));
    }

    public override Step? Prepare(PrepareContext c)
    {
        TensorView x = c.Input(0);
        TensorView y = c.Output(0);
        return new StridedStep(BlockRules.Parts(y, x, block, before, spaceIsX: false));
    }
}

/// <summary>What both directions between space and batches share.</summary>
static class BlockRules
{
    const int MostParts = 4096;

    public static void Check(
        InferContext c, in Shape x, ReadOnlySpan<int> block, ReadOnlySpan<int> before,
        ReadOnlySpan<int> after)
    {
        if (block.Length != before.Length || block.Length != after.Length
            || block.Length == 0 || x.Rank < block.Length + 1)
        {
            c.Fail($"{block.Length} steps and {before.Length} borders don't fit {x}");
        }

        long parts = 1;
        for (int i = 0; i < block.Length; i++)
        {
            if (block[i] < 1 || before[i] < 0 || after[i] < 0)
            {
                c.Fail($"step {block[i]} or borders {before[i]}, {after[i]} are out of range");
            }

            parts = Math.Min(parts * block[i], int.MaxValue);
        }

        if (parts > MostParts)
        {
            c.Fail($"{parts} batches of one are more than {MostParts}");
        }
    }

    /// <summary>
    /// One copy for each place in a block: space ↔ batch, leaving out the border.
    /// </summary>
    public static StridedPart[] Parts(
        in TensorView space, in TensorView batches, ReadOnlySpan<int> block,
        ReadOnlySpan<int> before, bool spaceIsX)
    {
        int size = space.DType.Size();
        long[] wide = MovementRules.Strides(space.Shape, size);
        long[] deep = MovementRules.Strides(batches.Shape, size);
        int places = 1;
        foreach (int b in block)
        {
            places *= b;
        }

        var parts = new List<StridedPart>();
        var axes = new StridedCopy.Axis[space.Shape.Rank];
        for (int place = 0; place < places; place++)
        {
            long spaceAt = 0;
            long batchAt = deep[0] * space.Shape[0] * place;
            bool empty = false;
            int rest = place;
            for (int d = axes.Length - 1; d >= 0; d--)
            {
                int i = d - 1;
                if (i < 0 || i >= block.Length)
                {
                    axes[d] = new(space.Shape[d], wide[d], deep[d]);
                    continue;
                }

                int offset = (rest % block[i]) - before[i];
                rest /= block[i];
                int first = offset >= 0 ? 0 : (-offset + block[i] - 1) / block[i];
                int end = Math.Min(
                    batches.Shape[d], ((space.Shape[d] - offset + block[i] - 1) / block[i]));
                empty |= end <= first;
                axes[d] = new(Math.Max(end - first, 0), wide[d] * block[i], deep[d]);
                spaceAt += ((long)offset + ((long)first * block[i])) * wide[d];
                batchAt += first * deep[d];
            }

            if (!empty && space.Elements > 0)
            {
                parts.Add(Part(space, spaceAt, batches, batchAt, axes, size, spaceIsX));
            }
        }

        return [.. parts];
    }

    static StridedPart Part(
        in TensorView space, long spaceAt, in TensorView batches, long batchAt,
        StridedCopy.Axis[] axes, int size, bool spaceIsX)
    {
        if (spaceIsX)
        {
            return new StridedPart(space, spaceAt, batches, batchAt, axes, size);
        }

        StridedCopy.Axis[] back =
            Array.ConvertAll(axes, a => new StridedCopy.Axis(a.Extent, a.YStride, a.XStride));
        return new StridedPart(batches, batchAt, space, spaceAt, back, size);
    }
}
