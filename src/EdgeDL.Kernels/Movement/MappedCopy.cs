using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Movement;

/// <summary>
/// y[i₀, i₁, …] = x[map₀[i₀] + map₁[i₁] + …], byte offsets: for copies whose source index is not
/// affine, such as mirrored borders. y is written from its first byte to its last.
/// </summary>
public static unsafe class MappedCopy
{
    const int MostAxes = 16;

    /// <param name="maps">The maps of all axes in a row, outermost first, ≥ 1 axis.</param>
    /// <param name="extents">How many entries of <paramref name="maps"/> each axis has.</param>
    /// <param name="elementBytes">1, 2, 4 or 8.</param>
    public static void Run(
        byte* x, byte* y, ReadOnlySpan<long> maps, ReadOnlySpan<int> extents, int elementBytes)
    {
        switch (elementBytes)
        {
            case 1:
                Run<byte>(x, y, maps, extents);
                break;
            case 2:
                Run<ushort>(x, y, maps, extents);
                break;
            case 4:
                Run<uint>(x, y, maps, extents);
                break;
            default:
                Run<ulong>(x, y, maps, extents);
                break;
        }
    }

    static void Run<T>(byte* x, byte* y, ReadOnlySpan<long> maps, ReadOnlySpan<int> extents)
        where T : unmanaged
    {
        foreach (int extent in extents)
        {
            if (extent == 0)
            {
                return;
            }
        }

        int axes = extents.Length - 1;
        ReadOnlySpan<long> innermost = maps[^extents[axes]..];
        Span<int> index = stackalloc int[MostAxes];
        index.Clear();
        T* to = (T*)y;
        while (true)
        {
            byte* from = x;
            int at = 0;
            for (int d = 0; d < axes; d++)
            {
                from += maps[at + index[d]];
                at += extents[d];
            }

            foreach (long offset in innermost)
            {
                *to++ = Unsafe.ReadUnaligned<T>(from + offset);
            }

            int axis = axes - 1;
            while (axis >= 0 && ++index[axis] == extents[axis])
            {
                index[axis--] = 0;
            }

            if (axis < 0)
            {
                return;
            }
        }
    }
}
