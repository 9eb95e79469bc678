namespace EdgeDL.Kernels.Movement;

/// <summary>
/// y[c, r] = x[r, c] for elements of 1, 2, 4 or 8 bytes; both matrices have contiguous rows, set
/// apart by a stride in bytes.
/// </summary>
public static unsafe partial class Transpose2D
{
    /// <summary>One implementation for one element size.</summary>
    public sealed class Row(
        string name,
        bool supported,
        int elementBytes,
        delegate*<byte*, long, byte*, long, int, int, void> run)
    {
        public string Name => name;
        public bool IsSupported => supported;
        public int ElementBytes => elementBytes;

        /// <summary>
        /// x has <paramref name="rows"/> rows of <paramref name="columns"/> elements.
        /// </summary>
        public void Run(byte* x, long xStride, byte* y, long yStride, int rows, int columns) =>
            run(x, xStride, y, yStride, rows, columns);

        public override string ToString() => $"{name} {elementBytes} B";
    }

    /// <summary>Fastest first.</summary>
    public static Row[] Rows(int elementBytes) => elementBytes switch
    {
        1 => Rows<byte>(),
        2 => Rows<ushort>(),
        4 => Rows<uint>(),
        8 => Rows<ulong>(),
        _ => [],
    };

    /// <summary>True for the element sizes that have rows.</summary>
    public static bool Supports(int elementBytes) => elementBytes is 1 or 2 or 4 or 8;

    /// <summary>The first row that this CPU runs.</summary>
    public static Row Best(int elementBytes) =>
        Array.Find(Rows(elementBytes), row => row.IsSupported)!;

    static Row[] Rows<T>() where T : unmanaged =>
    [
        new("X86Sse2", X86Sse2.IsSupported, sizeof(T), &Tiles<X86Sse2, T>),
        new("ArmNeon", ArmNeon.IsSupported, sizeof(T), &Tiles<ArmNeon, T>),
        new("Scalar", true, sizeof(T), &Scalar<T>),
    ];
}
