using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Movement;

public static unsafe partial class Transpose2D
{
    /// <summary>Interleaving of two vectors' lower or upper halves, lane by lane.</summary>
    internal interface IZip
    {
        static abstract bool IsSupported { get; }
        static abstract Vector128<byte> Low(Vector128<byte> a, Vector128<byte> b, int laneBytes);
        static abstract Vector128<byte> High(Vector128<byte> a, Vector128<byte> b, int laneBytes);
    }

    static void Scalar<T>(byte* x, long xStride, byte* y, long yStride, int rows, int columns)
        where T : unmanaged
    {
        for (int r = 0; r < rows; r++)
        {
            T* from = (T*)(x + (r * xStride));
            byte* to = y + ((long)r * sizeof(T));
            for (int c = 0; c < columns; c++, to += yStride)
            {
                *(T*)to = from[c];
            }
        }
    }

    // Tiles of N×N, N lanes to a vector. Zipping vector i with vector i + N/2 is one perfect
    // shuffle of the tile's elements; log2 N of them transpose it.
    static void Tiles<TZip, T>(byte* x, long xStride, byte* y, long yStride, int rows, int columns)
        where TZip : struct, IZip
        where T : unmanaged
    {
        int n = Vector128<byte>.Count / sizeof(T);
        int wholeRows = rows / n * n;
        int wholeColumns = columns / n * n;
        Vector128<byte>* a = stackalloc Vector128<byte>[2 * n];
        for (int r = 0; r < wholeRows; r += n)
        {
            for (int c = 0; c < wholeColumns; c += n)
            {
                byte* from = x + (r * xStride) + ((long)c * sizeof(T));
                byte* to = y + (c * yStride) + ((long)r * sizeof(T));
                Tile<TZip, T>(from, xStride, to, yStride, a, n);
            }
        }

        if (wholeColumns < columns)
        {
            Scalar<T>(
                x + ((long)wholeColumns * sizeof(T)), xStride,
                y + (wholeColumns * yStride), yStride, wholeRows, columns - wholeColumns);
        }

        Scalar<T>(
            x + (wholeRows * xStride), xStride,
            y + ((long)wholeRows * sizeof(T)), yStride, rows - wholeRows, columns);
    }

    static void Tile<TZip, T>(
        byte* x, long xStride, byte* y, long yStride, Vector128<byte>* a, int n)
        where TZip : struct, IZip
        where T : unmanaged
    {
        Vector128<byte>* b = a + n;
        for (int i = 0; i < n; i++)
        {
            a[i] = Vector128.Load(x + (i * xStride));
        }

        for (int width = 1; width < n; width *= 2)
        {
            for (int i = 0; i < n / 2; i++)
            {
                b[2 * i] = TZip.Low(a[i], a[i + (n / 2)], sizeof(T));
                b[(2 * i) + 1] = TZip.High(a[i], a[i + (n / 2)], sizeof(T));
            }

            Vector128<byte>* swap = a;
            a = b;
            b = swap;
        }

        for (int i = 0; i < n; i++)
        {
            a[i].Store(y + (i * yStride));
        }
    }
}
