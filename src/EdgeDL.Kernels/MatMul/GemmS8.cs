using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.MatMul;

/// <summary>int8 register tiles and the weight layout they read.</summary>
static unsafe partial class GemmS8
{
    public static int Panels(int columns, int nr) => (columns + nr - 1) / nr;

    public static int PaddedDepth(int depth, int kr) => (depth + kr - 1) / kr * kr;

    /// <summary>
    /// panel[t][k / KR][NR][KR] from w[j · columnStride + (t · depth + k) · depthStride] ^ flip
    /// (0x80 turns uint8 into int8); missing columns and depths are zero. sums[j] = Σ of the packed
    /// values. KR is 1, 2, 4 or 8.
    /// </summary>
    public static void Pack(
        byte* w, nint columnStride, nint depthStride, byte flip, int columns, int taps, int depth,
        int nr, int kr, sbyte* panels, int* sums)
    {
        nint tapBytes = (nint)PaddedDepth(depth, kr) * nr;
        for (int first = 0; first < columns; first += nr, sums += nr)
        {
            int count = Math.Min(nr, columns - first);
            new Span<int>(sums, nr).Clear();
            byte* from = w + first * columnStride;
            for (int t = 0; t < taps; t++, from += depth * depthStride, panels += tapBytes)
            {
                // A panel of whole columns and whole groups is written throughout.
                if (count < nr || depth % kr != 0)
                {
                    new Span<sbyte>(panels, checked((int)tapBytes)).Clear();
                }
                if (depthStride != 1)
                {
                    PackLines(
                        from, columnStride, depthStride, flip, count, depth, nr, kr, panels, sums);
                    continue;
                }
                for (int j = 0; j < count; j++)
                {
                    byte* column = from + j * columnStride;
                    PackColumn(column, flip, depth, nr, kr, panels + j * kr);
                    sums[j] += Sum(column, flip, depth);
                }
            }
        }
    }

    /// <summary>The same of a phase's taps, each of <paramref name="channels"/> depths, packed as
    /// <paramref name="taps"/> of <paramref name="depth"/>; 0 throughout of an empty one.</summary>
    internal static void PackPhase(
        byte* w, nint columnStride, nint depthStride, byte flip, int columns, in ConvPhase phase,
        int channels, int taps, int depth, int nr, int kr, sbyte* panels, int* sums)
    {
        int tapBytes = PaddedDepth(depth, kr) * nr, most = phase.IsEmpty ? 0 : phase.Taps.Count;
        for (int first = 0; first < columns; first += nr, sums += nr)
        {
            int count = Math.Min(nr, columns - first);
            new Span<int>(sums, nr).Clear();
            new Span<sbyte>(panels, checked(taps * tapBytes)).Clear();
            for (int t = 0; t < most; t++)
            {
                (int packed, int at) = Math.DivRem(t * channels, depth);
                byte* from = w + first * columnStride + phase.Taps[t] * channels * depthStride;
                for (int k = at; k < at + channels; k++, from += depthStride)
                {
                    sbyte* line = panels + packed * tapBytes + k / kr * nr * kr + k % kr;
                    for (int j = 0; j < count; j++)
                    {
                        sbyte value = (sbyte)(from[j * columnStride] ^ flip);
                        line[j * kr] = value;
                        sums[j] += value;
                    }
                }
            }
            panels += taps * tapBytes;
        }
    }

    // Depths apart: across the columns, which as a rule lie side by side.
    static void PackLines(
        byte* from, nint columnStride, nint depthStride, byte flip, int count, int depth, int nr,
        int kr, sbyte* panel, int* sums)
    {
        for (int k = 0; k < depth; panel += nr * kr)
        {
            for (int i = 0; i < kr && k < depth; i++, k++, from += depthStride)
            {
                for (int j = 0; j < count; j++)
                {
                    sbyte value = (sbyte)(from[j * columnStride] ^ flip);
                    panel[j * kr + i] = value;
                    sums[j] += value;
                }
            }
        }
    }

    static void PackColumn(byte* column, byte flip, int depth, int nr, int kr, sbyte* to)
    {
        int whole = depth / kr, next = nr * kr;
        switch (kr)
        {
            case 1:
                PackGroups<byte>(column, flip, whole, next, to);
                break;
            case 2:
                PackGroups<ushort>(column, flip, whole, next, to);
                break;
            case 4:
                PackGroups<uint>(column, flip, whole, next, to);
                break;
            default:
                PackGroups<ulong>(column, flip, whole, next, to);
                break;
        }
        to += (nint)whole * next;
        for (int k = whole * kr; k < depth; k++)
        {
            *to++ = (sbyte)(column[k] ^ flip);
        }
    }

    static void PackGroups<TGroup>(byte* column, byte flip, int groups, int next, sbyte* to)
        where TGroup : unmanaged, IBinaryInteger<TGroup>
    {
        TGroup flips = TGroup.CreateTruncating(0x0101010101010101ul * flip);
        for (int g = 0; g < groups; g++, column += sizeof(TGroup), to += next)
        {
            Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<TGroup>(column) ^ flips);
        }
    }

    // Σ (sbyte)(x ^ flip).
    static int Sum(byte* x, byte flip, int length)
    {
        Vector128<int> sum = default;
        var flips = Vector128.Create(flip);
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            // |lower + upper| ≤ 2 · 128 fits int16.
            (Vector128<short> lower, Vector128<short> upper) =
                Vector128.Widen((Vector128.Load(x + i) ^ flips).AsSByte());
            Vector128<short> pair = lower + upper;
            sum += Vector128.WidenLower(pair) + Vector128.WidenUpper(pair);
        }
        int total = Vector128.Sum(sum);
        for (; i < length; i++)
        {
            total += (sbyte)(x[i] ^ flip);
        }
        return total;
    }
}
