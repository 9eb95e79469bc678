using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Elementwise;

namespace EdgeDL.Kernels.Winograd;

/// <summary>Bᵀ d B in int16 of the 4×4 inputs under consecutive tiles of a line.</summary>
static unsafe partial class WinogradInputS8
{
    /// <summary>Writes to inputs + <paramref name="at"/> of the block.</summary>
    /// <param name="args">The convolution.</param>
    /// <param name="place">Of the first tile.</param>
    /// <param name="count">Tiles, no more than its line has.</param>
    /// <param name="block">Where they go.</param>
    /// <param name="at">Values to the first tile.</param>
    public static void Line<TLanes, TV, TLoad>(
        in ConvS8.Args args, TilePlace place, int count, in WinogradBlockS8 block, nint at)
        where TLanes : struct, ILanes<short, TV>
        where TV : unmanaged
        where TLoad : struct, IFlippedLoad<TLoad, TV>
    {
        ref readonly ConvShape s = ref args.Shape;
        var lines = new InputLines<byte>(s, args.Input, place, block.Outside);
        int left = place.X - s.PadLeft;
        int whole = s.InChannels / TLanes.Count * TLanes.Count;
        Channels<TLanes, TV, TLoad>(args, lines, left, count, block, at, 0, whole);
        if (whole < s.InChannels)
        {
            Channels<Lanes128<short>, Vector128<short>, Load128>(
                args, lines, left, count, block, at, whole, s.InChannels);
        }
    }

    static void Channels<TLanes, TV, TLoad>(
        in ConvS8.Args args, in InputLines<byte> lines, int left, int count,
        in WinogradBlockS8 block, nint at, int first, int last)
        where TLanes : struct, ILanes<short, TV>
        where TV : unmanaged
        where TLoad : struct, IFlippedLoad<TLoad, TV> =>
        PatchTransform.Channels<byte, short, TLanes, TV, TLoad>(
            args.Shape, lines, left, count, TLoad.Of(args.InputFlip),
            TLanes.Broadcast((short)args.InputZero), block.Inputs + at, block.InputStride, first,
            last);

    /// <summary>Bytes as int16, flipped into int8 first.</summary>
    internal interface IFlippedLoad<TSelf, TV> : IPatchLoad<byte, TV>
    {
        static abstract TSelf Of(byte flip);
    }

    /// <summary>Eight of them.</summary>
    internal readonly struct Load128(Vector128<byte> flips)
        : IFlippedLoad<Load128, Vector128<short>>
    {
        public static Load128 Of(byte flip) => new(Vector128.Create(flip));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector128<short> Load(byte* at) => Vector128.WidenLower(
            (Vector128.CreateScalarUnsafe(*(ulong*)at).AsByte() ^ flips).AsSByte());
    }
}
