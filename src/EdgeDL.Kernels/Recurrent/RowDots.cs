namespace EdgeDL.Kernels.Recurrent;

/// <summary>
/// y[r] += Σ w[r, c] · x[c]: a recurrent cell's product of one state with all its weights. The
/// sums are fp32 for floats and int32 for int8; the latter are the same bits in every row.
/// </summary>
public static unsafe partial class RowDots
{
    /// <summary>One fp32 implementation.</summary>
    public sealed class FloatRow(
        string name, bool supported, delegate*<float*, float*, int, int, float*, void> run)
    {
        public string Name => name;
        public bool IsSupported => supported;

        /// <summary>w is rows × columns, row by row.</summary>
        public void Run(float* w, float* x, int rows, int columns, float* y) =>
            run(w, x, rows, columns, y);

        public override string ToString() => name;
    }

    /// <summary>One int8 implementation.</summary>
    public sealed class Int8Row(
        string name, bool supported, delegate*<sbyte*, sbyte*, int, int, int*, void> run)
    {
        public string Name => name;
        public bool IsSupported => supported;

        /// <summary>w is rows × columns, row by row.</summary>
        public void Run(sbyte* w, sbyte* x, int rows, int columns, int* y) =>
            run(w, x, rows, columns, y);

        public override string ToString() => name;
    }

    /// <summary>Fastest first.</summary>
    public static FloatRow[] FloatRows() =>
    [
        new("X86Avx2", X86Avx2.IsSupported, &X86Avx2.Run),
        new("Vec128", Vec128.IsSupported, &Vec128.Run),
        new("Scalar", true, &Scalar.Run),
    ];

    /// <summary>Fastest first.</summary>
    public static Int8Row[] Int8Rows() =>
    [
        new("X86Avx2", X86Avx2.IsSupported, &X86Avx2.Run),
        new("ArmDp", ArmDp.IsSupported, &ArmDp.Run),
        new("Vec128", Vec128.IsSupported, &Vec128.Run),
        new("Scalar", true, &Scalar.Run),
    ];

    /// <summary>The first fp32 row that this CPU runs.</summary>
    public static FloatRow BestFloat() => Array.Find(FloatRows(), row => row.IsSupported)!;

    /// <summary>The first int8 row that this CPU runs.</summary>
    public static Int8Row BestInt8() => Array.Find(Int8Rows(), row => row.IsSupported)!;
}
