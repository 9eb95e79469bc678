using System.Runtime.CompilerServices;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Winograd;

/// <summary>Aᵀ m A of one tile.</summary>
static unsafe class TileTransform
{
    /// <param name="m">A vector of each frequency.</param>
    /// <param name="f">From a frequency to the next.</param>
    /// <param name="y00">The tile's outputs, row by row.</param>
    /// <param name="y01">To the right.</param>
    /// <param name="y10">Below.</param>
    /// <param name="y11">Below to the right.</param>
    // A = (1 0; 1 1; 1 −1; 0 −1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TV>(
        T* m, nint f, out TV y00, out TV y01, out TV y10, out TV y11)
        where T : unmanaged
        where TLanes : struct, ILanes<T, TV>
        where TV : unmanaged
    {
        Column<T, TLanes, TV>(m, 4 * f, out TV s0, out TV d0);
        Column<T, TLanes, TV>(m + f, 4 * f, out TV s1, out TV d1);
        Column<T, TLanes, TV>(m + 2 * f, 4 * f, out TV s2, out TV d2);
        Column<T, TLanes, TV>(m + 3 * f, 4 * f, out TV s3, out TV d3);
        y11 = TLanes.Subtract(TLanes.Subtract(d1, d2), d3);
        y10 = TLanes.Add(TLanes.Add(d0, d1), d2);
        y01 = TLanes.Subtract(TLanes.Subtract(s1, s2), s3);
        y00 = TLanes.Add(TLanes.Add(s0, s1), s2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Column<T, TLanes, TV>(T* m, nint down, out TV sum, out TV difference)
        where T : unmanaged
        where TLanes : struct, ILanes<T, TV>
        where TV : unmanaged
    {
        TV m1 = TLanes.Load(m + down), m2 = TLanes.Load(m + 2 * down);
        sum = TLanes.Add(TLanes.Add(TLanes.Load(m), m1), m2);
        difference = TLanes.Subtract(TLanes.Subtract(m1, m2), TLanes.Load(m + 3 * down));
    }
}
