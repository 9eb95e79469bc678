namespace EdgeDL.Tensors;

/// <summary>
/// Affine quantization, real = scale · (q − zeroPoint): one pair a tensor, one a slice of
/// <see cref="Axis"/>, or one a block of <see cref="BlockSize"/> elements along the innermost axis.
/// </summary>
/// <remarks>TFLite 8-bit quantization specification; scales are finite and positive.</remarks>
public sealed class Quantization
{
    readonly float[] scales;
    readonly int[] zeroPoints;

    /// <summary>Per-tensor parameters.</summary>
    public Quantization(float scale, int zeroPoint)
        : this([scale], [zeroPoint], axis: -1, blockSize: 0)
    {
    }

    /// <summary>
    /// Per-axis parameters: as many scales as <paramref name="axis"/> has slices; the zero points
    /// are as many, or one for all.
    /// </summary>
    public Quantization(float[] scales, int[] zeroPoints, int axis)
        : this(scales, zeroPoints, axis, blockSize: 0)
    {
    }

    /// <summary>The general form; <paramref name="blockSize"/> 0 means no blocks.</summary>
    /// <exception cref="ArgumentException">Counts don't fit, or a scale is not finite and
    /// positive.</exception>
    public Quantization(float[] scales, int[] zeroPoints, int axis, int blockSize)
    {
        if (Problem(scales, zeroPoints, axis, blockSize) is { } problem)
        {
            throw new ArgumentException(problem);
        }

        this.scales = scales;
        this.zeroPoints = zeroPoints;
        Axis = axis;
        BlockSize = blockSize;
    }

    /// <summary>One scale, or one a slice or block.</summary>
    public ReadOnlySpan<float> Scales => scales;

    /// <summary>One zero point for all, or as many as scales.</summary>
    public ReadOnlySpan<int> ZeroPoints => zeroPoints;

    /// <summary>The axis the scales run along; −1 for per-tensor.</summary>
    public int Axis { get; }

    /// <summary>Elements along the innermost axis that share a scale; 0 for none.</summary>
    public int BlockSize { get; }

    /// <summary>The arithmetic by which an op comes to integers of this quantization.</summary>
    public Rounding Rounding { get; init; }

    /// <summary>True if one scale and zero point serve the whole tensor.</summary>
    public bool IsPerTensor => Axis < 0 && BlockSize == 0;

    /// <summary>The first scale: the only one of a per-tensor quantization.</summary>
    public float Scale => scales[0];

    /// <summary>The first zero point: the only one of a per-tensor quantization.</summary>
    public int ZeroPoint => zeroPoints[0];

    /// <summary>The zero point of slice <paramref name="i"/>.</summary>
    public int ZeroPointOf(int i) => zeroPoints.Length == 1 ? zeroPoints[0] : zeroPoints[i];

    /// <summary>The scale of slice <paramref name="i"/>.</summary>
    public float ScaleOf(int i) => scales.Length == 1 ? scales[0] : scales[i];

    /// <summary>The same with every zero point so much higher.</summary>
    public Quantization Shifted(int by) =>
        new(scales, Array.ConvertAll(zeroPoints, z => z + by), Axis, BlockSize)
        {
            Rounding = Rounding,
        };

    /// <summary>The same with the scales along another axis; one scale for all stays
    /// that.</summary>
    public Quantization Along(int axis) =>
        IsPerTensor ? this : new(scales, zeroPoints, axis, BlockSize) { Rounding = Rounding };

    /// <summary>What is wrong with these parameters, or null.</summary>
    public static string? Problem(
        ReadOnlySpan<float> scales, ReadOnlySpan<int> zeroPoints, int axis, int blockSize)
    {
        if (scales.IsEmpty || zeroPoints.IsEmpty)
        {
            return "a quantization needs at least one scale and one zero point";
        }

        if (zeroPoints.Length != 1 && zeroPoints.Length != scales.Length)
        {
            return $"{zeroPoints.Length} zero points stand beside {scales.Length} scales";
        }

        if (axis < -1 || axis >= Shape.MaxRank || blockSize < 0)
        {
            return $"axis {axis} or block size {blockSize} is out of range";
        }

        if (axis < 0 && blockSize == 0 && scales.Length != 1)
        {
            return $"a per-tensor quantization has {scales.Length} scales";
        }

        foreach (float s in scales)
        {
            if (!(s > 0 && float.IsFinite(s)))
            {
                return $"scale {s} is not finite and positive";
            }
        }

        return null;
    }

    /// <summary>True if both give the same reals to the same integers.</summary>
    public static bool Same(Quantization? a, Quantization? b) =>
        ReferenceEquals(a, b)
        || (a is not null && b is not null && a.Axis == b.Axis && a.BlockSize == b.BlockSize
            && a.Scales.SequenceEqual(b.Scales) && a.ZeroPoints.SequenceEqual(b.ZeroPoints));

    public override string ToString() => IsPerTensor
        ? $"{Scale:g9}·(q{(ZeroPoint < 0 ? "+" : "−")}{Math.Abs((long)ZeroPoint)})"
        : $"{scales.Length} scales along axis "
            + $"{Axis}{(BlockSize > 0 ? $", blocks of {BlockSize}" : "")}";
}
