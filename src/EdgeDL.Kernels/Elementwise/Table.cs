namespace EdgeDL.Kernels.Elementwise;

/// <summary>
/// y[i] = table[x[i]], x read as an unsigned byte: any function of one int8 or uint8 value. The
/// 256 entries are built once from the function's scalar definition. y may be x.
/// </summary>
public static unsafe class Table8
{
    public const int Entries = 256;

    public static void Run(ReadOnlySpan<byte> table, ReadOnlySpan<byte> x, Span<byte> y)
    {
        table = table[..Entries];
        x = x[..y.Length];
        fixed (byte* t = table, px = x, py = y)
        {
            int n = y.Length;
            int i = 0;
            // Four independent loads in flight: the table stays in the first-level cache.
            for (; i <= n - 4; i += 4)
            {
                byte a = t[px[i]];
                byte b = t[px[i + 1]];
                byte c = t[px[i + 2]];
                byte d = t[px[i + 3]];
                py[i] = a;
                py[i + 1] = b;
                py[i + 2] = c;
                py[i + 3] = d;
            }
            for (; i < n; i++)
            {
                py[i] = t[px[i]];
            }
        }
    }
}
