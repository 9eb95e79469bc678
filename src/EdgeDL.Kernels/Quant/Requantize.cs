namespace EdgeDL.Kernels.Quant;

/// <summary>
/// y[i] = roundEven(clamp(acc[i] · scale[i], min − zero, max − zero)) + zero, stored as one byte:
/// int32 accumulators to int8 or uint8 with fp32 scales. Both signednesses share the kernel,
/// because the value is already inside its range when it is narrowed.
/// </summary>
public static unsafe partial class Requantize
{
    /// <summary>The output's zero point and clamp range, in its own type's values.</summary>
    public readonly record struct Range(int Zero, int Min, int Max);

    /// <summary>One implementation: acc, scale, count, range, y.</summary>
    public sealed class Row(
        string name, bool supported, delegate*<int*, float*, int, Range, byte*, void> run)
    {
        public string Name => name;
        public bool IsSupported => supported;

        public void Run(ReadOnlySpan<int> acc, ReadOnlySpan<float> scale, Range range, Span<byte> y)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(scale.Length, acc.Length);
            ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, acc.Length);
            fixed (int* a = acc)
            fixed (float* s = scale)
            fixed (byte* d = y)
            {
                run(a, s, acc.Length, range, d);
            }
        }

        public override string ToString() => name;
    }

    /// <summary>Fastest first.</summary>
    public static Row[] Rows() =>
    [
        new("X86Avx2", X86Avx2.IsSupported, &X86Avx2.Run),
        new("Vec128", Vec128.IsSupported, &Vec128.Run),
        new("Scalar", Scalar.IsSupported, &Scalar.Run),
    ];

    /// <summary>What a kernel needs to requantize its own accumulators.</summary>
    internal interface IIsa
    {
        static abstract bool IsSupported { get; }
        static abstract void Run(int* acc, float* scale, int count, Range range, byte* y);

        /// <summary>Rows of a register tile: <paramref name="width"/> of each row's
        /// <paramref name="columns"/> accumulators.</summary>
        static abstract void Rows(
            int* acc, int columns, int rows, float* scale, int width, Range range, byte* y,
            nint stride);
    }

    static void RowByRow<TIsa>(
        int* acc, int columns, int rows, float* scale, int width, Range range, byte* y, nint stride)
        where TIsa : struct, IIsa
    {
        for (int r = 0; r < rows; r++, acc += columns, y += stride)
        {
            TIsa.Run(acc, scale, width, range, y);
        }
    }
}
