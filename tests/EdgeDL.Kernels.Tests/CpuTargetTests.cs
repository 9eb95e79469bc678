using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Depthwise;
using EdgeDL.Kernels.Tests.Conv;
using EdgeDL.Kernels.Winograd;

namespace EdgeDL.Kernels.Tests;

/// <summary>Which rows a CPU gets, and that rows of one layout read one another's bytes.</summary>
public sealed unsafe class CpuTargetTests
{
    [Theory]
    [InlineData("x64-v3", "X86Avx2", "X86Avx2", "X86Avx2", "X86Avx2")]
    [InlineData("x64-vnni", "X86Vnni", "X86Avx2", "X86Avx2", "X86Avx2")]
    [InlineData("armv8", "ArmNeon", "ArmNeon", "ArmNeon", "Vec128")]
    [InlineData("armv8-dot", "ArmDp", "ArmNeon", "ArmNeon", "Vec128")]
    [InlineData("armv8-i8mm", "ArmI8mm", "ArmNeon", "ArmNeon", "Vec128")]
    public void A_target_has_its_rows_on_any_machine(
        string name, string convS8, string convF32, string depthwiseS8, string depthwiseF32)
    {
        CpuTarget target = CpuTarget.Find(name)!;
        Assert.Equal(convS8, ConvS8.Best(target).Name);
        Assert.Equal(convF32, ConvF32.Best(target).Name);
        Assert.Equal(depthwiseS8, DepthwiseS8.Best(target).Name);
        Assert.Equal(depthwiseF32, DepthwiseF32.Best(target).Name);
    }

    [Fact]
    public void This_cpu_has_the_rows_that_it_supports()
    {
        CpuTarget here = CpuTarget.This();
        Assert.All(ConvS8.Rows(), row => Assert.Equal(row.IsSupported, here.Runs(row)));
        Assert.Equal(ConvS8.Best().Name, ConvS8.Best(here).Name);
        string[] names = [CpuTarget.Other, .. CpuTarget.All().Select(t => t.Name)];
        Assert.Contains(here.Name, names);
    }

    [Fact]
    public void Names_are_found_and_others_are_not()
    {
        Assert.All(CpuTarget.All(), t => Assert.Equal(t.Name, CpuTarget.Find(t.Name)!.Name));
        Assert.Null(CpuTarget.Find("x64"));
        Assert.Null(CpuTarget.Find(CpuTarget.Other));
    }

    [Fact]
    public void Orders_of_lanes_have_their_own_numbers()
    {
        uint natural = PackedLayout.OrderOf(16, j => j);
        Assert.NotEqual(natural, PackedLayout.OrderOf(16, j => j ^ 1));
        Assert.NotEqual(natural, PackedLayout.OrderOf(16, j => 15 - j));
    }

    [Fact]
    public void Rows_of_equal_layout_pack_equal_bytes()
    {
        ConvShape whole = Shape(groups: 1), depthwise = Shape(groups: 12);
        int pairs = Compare(ConvS8.Rows(), r => r.Layout(whole),
                r => PackS8(r, whole))
            + Compare(WinogradS8.Rows(), r => r.Layout(whole), r => PackS8(r, whole))
            + Compare(ConvF32.Rows(), r => r.Layout(whole), r => PackF32(r, whole))
            + Compare(WinogradF32.Rows(), r => r.Layout(whole), r => PackF32(r, whole))
            + Compare(DepthwiseS8.Rows(), r => r.Layout, r => PackS8(r, depthwise))
            + Compare(DepthwiseF32.Rows(), r => r.Layout, r => PackF32(r, depthwise));
        Assert.InRange(pairs, 3, int.MaxValue);
    }

    // Of all pairs of rows, those of equal layout.
    static int Compare<TRow>(TRow[] rows, Func<TRow, PackedLayout> layout, Func<TRow, byte[]> pack)
    {
        int equal = 0;
        for (int a = 0; a < rows.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                if (layout(rows[a]) == layout(rows[b]))
                {
                    Assert.Equal(pack(rows[a]), pack(rows[b]));
                    equal++;
                }
            }
        }
        return equal;
    }

    static ConvShape Shape(int groups) => new()
    {
        InHeight = 5, InWidth = 7, InChannels = 12, OutHeight = 5, OutWidth = 7, OutChannels = 12,
        KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadLeft = 1, Groups = groups,
    };

    static T[] Random<T>(int length) where T : unmanaged
    {
        var values = new T[length];
        new Random(3).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(
            values.AsSpan()));
        return values;
    }

    static byte[] Bytes<T>(T[] values) where T : unmanaged =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    static byte[] PackS8(ConvS8.Row row, ConvShape s)
    {
        var panels = new sbyte[row.PackedBytes(s)];
        int[] bias = new int[row.PackedColumns(s)], sums = new int[bias.Length];
        var scale = new float[bias.Length];
        fixed (byte* w = Random<byte>(ConvShapes.WeightLength(s)))
        fixed (int* b = Random<int>(s.OutChannels), pb = bias, ps = sums)
        fixed (float* f = Random<float>(s.OutChannels), pf = scale)
        fixed (sbyte* pp = panels)
        {
            var args = new ConvS8.Args
            {
                Shape = s, InputZero = 5, Panels = pp, Bias = pb, Sums = ps, Scale = pf,
            };
            row.Pack(args, w, 0, b, f);
        }
        return [.. Bytes(panels), .. Bytes(bias), .. Bytes(sums), .. Bytes(scale)];
    }

    static byte[] PackS8(DepthwiseS8.Row row, ConvShape s)
    {
        var blocks = new short[row.PackedShorts(s)];
        int[] bias = new int[row.PackedColumns(s)], sums = new int[bias.Length];
        var scale = new float[bias.Length];
        fixed (byte* w = Random<byte>(ConvShapes.WeightLength(s)))
        fixed (int* b = Random<int>(s.OutChannels), pb = bias, ps = sums)
        fixed (float* f = Random<float>(s.OutChannels), pf = scale)
        fixed (short* pp = blocks)
        {
            var args = new DepthwiseS8.Args
            {
                Shape = s, InputZero = 5, Blocks = pp, Bias = pb, Sums = ps, Scale = pf,
            };
            row.Pack(args, w, 0, 0, b, f);
        }
        return [.. Bytes(blocks), .. Bytes(bias), .. Bytes(sums), .. Bytes(scale)];
    }

    static byte[] PackF32(ConvF32.Row row, ConvShape s)
    {
        var panels = new float[row.PackedFloats(s)];
        fixed (float* w = Random<float>(ConvShapes.WeightLength(s)))
        fixed (float* b = Random<float>(s.OutChannels), to = panels)
        {
            row.Pack(s, w, b, to);
        }
        return Bytes(panels);
    }

    static byte[] PackF32(DepthwiseF32.Row row, ConvShape s)
    {
        var blocks = new float[row.PackedFloats(s)];
        fixed (float* w = Random<float>(ConvShapes.WeightLength(s)))
        fixed (float* b = Random<float>(s.OutChannels), to = blocks)
        {
            row.Pack(s, w, b, to);
        }
        return Bytes(blocks);
    }
}
