using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Winograd;

/// <summary>Bᵀ d B of the 4×4 inputs under consecutive tiles of a line.</summary>
static unsafe class WinogradInputF32
{
    /// <summary>Writes to inputs + <paramref name="at"/> of the block.</summary>
    /// <param name="args">The convolution.</param>
    /// <param name="place">Of the first tile.</param>
    /// <param name="count">Tiles, no more than its line has.</param>
    /// <param name="block">Where they go.</param>
    /// <param name="at">Floats to the first tile.</param>
    public static void Line<TLanes, TV>(
        in ConvF32.Args args, TilePlace place, int count, in WinogradBlockF32 block, nint at)
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged
    {
        ref readonly ConvShape s = ref args.Shape;
        var lines = new InputLines<float>(s, args.Input, place, block.Zeros);
        int left = place.X - s.PadLeft;
        int whole = s.InChannels / TLanes.Count * TLanes.Count;
        Channels<TLanes, TV>(s, lines, left, count, block, at, 0, whole);
        if (whole < s.InChannels)
        {
            Channels<F32Lanes128, Vector128<float>>(
                s, lines, left, count, block, at, whole, s.InChannels);
        }
    }

    static void Channels<TLanes, TV>(
        in ConvShape s, in InputLines<float> lines, int left, int count,
        in WinogradBlockF32 block, nint at, int first, int last)
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged =>
        PatchTransform.Channels<float, float, TLanes, TV, Plain<TLanes, TV>>(
            s, lines, left, count, default, TLanes.Zero, block.Inputs + at, block.InputStride,
            first, last);

    readonly struct Plain<TLanes, TV> : IPatchLoad<float, TV>
        where TLanes : struct, IF32Lanes<TV>
        where TV : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Load(float* at) => TLanes.Load(at);
    }
}
