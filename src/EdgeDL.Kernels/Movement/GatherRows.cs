using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Movement;

/// <summary>y[o, i] = x[o, index[i]], each a row of bytes: gather and embedding lookup.</summary>
public static unsafe class GatherRows
{
    /// <summary>
    /// Copies <paramref name="count"/> of each of <paramref name="outer"/> times
    /// <paramref name="rows"/> rows; negative indices count from the end. Returns the first
    /// position whose index is not in [−rows, rows), and then copies nothing, or −1.
    /// </summary>
    public static int Run<TIndex>(
        byte* x, int outer, int rows, long rowBytes, TIndex* index, int count, byte* y)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        for (int i = 0; i < count; i++)
        {
            if ((ulong)Row(index[i], rows) >= (ulong)rows)
            {
                return i;
            }
        }

        switch (rowBytes)
        {
            case 1:
                Elements(x, outer, rows, index, count, y);
                break;
            case 2:
                Elements((ushort*)x, outer, rows, index, count, (ushort*)y);
                break;
            case 4:
                Elements((uint*)x, outer, rows, index, count, (uint*)y);
                break;
            case 8:
                Elements((ulong*)x, outer, rows, index, count, (ulong*)y);
                break;
            default:
                Rows(x, outer, rows, rowBytes, index, count, y);
                break;
        }

        return -1;
    }

    static void Rows<TIndex>(
        byte* x, int outer, int rows, long rowBytes, TIndex* index, int count, byte* y)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        for (int o = 0; o < outer; o++, x += rows * rowBytes)
        {
            for (int i = 0; i < count; i++, y += rowBytes)
            {
                Buffer.MemoryCopy(x + (Row(index[i], rows) * rowBytes), y, rowBytes, rowBytes);
            }
        }
    }

    // Rows of one element, the channels of a pixel say: too short for a call each.
    static void Elements<TIndex, T>(T* x, int outer, int rows, TIndex* index, int count, T* y)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
        where T : unmanaged
    {
        if (count == 1)
        {
            x += Row(*index, rows);
            for (int o = 0; o < outer; o++, x += rows)
            {
                y[o] = *x;
            }

            return;
        }

        for (int o = 0; o < outer; o++, x += rows, y += count)
        {
            for (int i = 0; i < count; i++)
            {
                y[i] = x[Row(index[i], rows)];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static long Row<TIndex>(TIndex index, int rows)
        where TIndex : unmanaged, IBinaryInteger<TIndex>
    {
        long row = long.CreateTruncating(index);
        return row < 0 ? row + rows : row;
    }
}
