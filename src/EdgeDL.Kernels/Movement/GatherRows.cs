namespace EdgeDL.Kernels.Movement;

/// <summary>y[i] = x[index[i]], each a row of bytes: gather and embedding lookup.</summary>
public static unsafe class GatherRows
{
    /// <summary>
    /// Copies <paramref name="count"/> rows; negative indices count from the end. Returns the first
    /// position whose index is not in [−rows, rows), or −1; rows before that position are copied.
    /// </summary>
    public static int Run(byte* x, int rows, long rowBytes, int* index, int count, byte* y)
    {
        for (int i = 0; i < count; i++)
        {
            int row = index[i] < 0 ? index[i] + rows : index[i];
            if ((uint)row >= (uint)rows)
            {
                return i;
            }

            Buffer.MemoryCopy(x + (row * rowBytes), y + (i * rowBytes), rowBytes, rowBytes);
        }

        return -1;
    }

    /// <inheritdoc cref="Run(byte*, int, long, int*, int, byte*)"/>
    public static int Run(byte* x, int rows, long rowBytes, long* index, int count, byte* y)
    {
        for (int i = 0; i < count; i++)
        {
            long row = index[i] < 0 ? index[i] + rows : index[i];
            if ((ulong)row >= (ulong)rows)
            {
                return i;
            }

            Buffer.MemoryCopy(x + (row * rowBytes), y + (i * rowBytes), rowBytes, rowBytes);
        }

        return -1;
    }
}
