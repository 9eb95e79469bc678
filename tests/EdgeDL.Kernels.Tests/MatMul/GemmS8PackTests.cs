using EdgeDL.Kernels.MatMul;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.MatMul;

/// <summary>The layout of int8 panels against its formula, byte by byte.</summary>
public sealed unsafe class GemmS8PackTests
{
    const int Taps = 2;

    public static TheoryData<int, int, byte> Layouts
    {
        get
        {
            var data = new TheoryData<int, int, byte>();
            foreach (int kr in (int[])[1, 2, 4, 8])
            {
                data.Add(4, kr, 0);
                data.Add(8, kr, 0x80);
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Layouts))]
    public void Panels_are_what_the_formula_says(int nr, int kr, byte flip)
    {
        foreach (int columns in (int[])[1, nr - 1, nr, nr + 1, 2 * nr])
        {
            for (int depth = 1; depth < 40; depth++)
            {
                Check(nr, kr, flip, columns, depth, columnStride: Taps * depth, depthStride: 1);
                Check(nr, kr, flip, columns, depth, columnStride: 1, depthStride: columns);
            }
        }
    }

    static void Check(
        int nr, int kr, byte flip, int columns, int depth, int columnStride, int depthStride)
    {
        var w = new byte[columns * Taps * depth];
        new Random(depth).NextBytes(w);
        w[0] = 0x80;
        int padded = GemmS8.PaddedDepth(depth, kr);
        int count = GemmS8.Panels(columns, nr) * nr;
        var expected = new sbyte[count * Taps * padded];
        var sums = new int[count];
        for (int j = 0; j < columns; j++)
        {
            for (int n = 0; n < Taps * depth; n++)
            {
                int t = n / depth, k = n % depth;
                int at = j / nr * nr * Taps * padded + t * nr * padded
                    + k / kr * nr * kr + j % nr * kr + k % kr;
                expected[at] = (sbyte)(w[j * columnStride + n * depthStride] ^ flip);
                sums[j] += expected[at];
            }
        }
        foreach (Guard guard in Enum.GetValues<Guard>())
        {
            using var from = new GuardedMemory<byte>(w, guard);
            using var panels = new GuardedMemory<sbyte>(expected.Length, guard);
            using var packedSums = new GuardedMemory<int>(count, guard);
            panels.Span.Fill(0x55);
            packedSums.Span.Fill(0x55);
            GemmS8.Pack(
                from.Pointer, columnStride, depthStride, flip, columns, Taps, depth, nr, kr,
                panels.Pointer, packedSums.Pointer);
            Assert.Equal(expected, panels.Span.ToArray());
            Assert.Equal(sums, packedSums.Span.ToArray());
        }
    }
}
