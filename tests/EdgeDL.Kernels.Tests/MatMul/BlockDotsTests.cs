using EdgeDL.Kernels.MatMul;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.MatMul;

public sealed unsafe class BlockDotsTests
{
    public static TheoryData<string> Rows() =>
        [.. BlockDots.Rows().Where(r => r.IsSupported).Select(r => r.Name)];

    [Theory, MemberData(nameof(Rows))]
    public void A_block_of_int8_is_the_exact_sum(string name)
    {
        BlockDots.Row row = Named(name);
        foreach (Pattern pattern in Fill.Patterns)
        {
            foreach (int n in Lengths.WithBlocks)
            {
                foreach (int zero in (int[])[-8, 0, 3, 7])
                {
                    sbyte[] values = Fill.Int8(n, n, pattern);
                    values.AsSpan().Replace((sbyte)-128, (sbyte)-127);
                    using var x = new GuardedMemory<sbyte>(values, Guard.End);
                    using var w = new GuardedMemory<byte>(
                        Fill.UInt8((n + 1) / 2, n + 1, pattern), Guard.End);
                    int expected = 0;
                    for (int k = 0; k < n; k++)
                    {
                        expected += values[k] * (Weight(w.Span, k) - zero);
                    }

                    Assert.Equal(expected, row.Block(x.Pointer, w.Pointer, n, zero));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public void Floats_are_near_the_double_sum_at_every_length(string name) =>
        ForEachShape((depth, block) =>
        {
            using var row = new Operands(depth, block);
            using var x = new GuardedMemory<float>(Fill.Float32(depth, depth, -1, 1), Guard.End);
            double expected = 0;
            for (int k = 0; k < depth; k++)
            {
                expected += x.Span[k] * row.Real(k);
            }

            float actual = Named(name).Floats(x.Pointer, row.Weights);
            Check.Near([expected], [actual], 1e-5, 2e-6 * depth, $"{name} {depth} by {block}");
        });

    [Theory, MemberData(nameof(Rows))]
    public void Sums_of_int8_blocks_are_the_scalar_rows_bits(string name) =>
        ForEachShape((depth, block) =>
        {
            using var row = new Operands(depth, block);
            using var x = new GuardedMemory<float>(Fill.Float32(depth, depth, -3, 3), Guard.End);
            using var bytes = new GuardedMemory<sbyte>(new sbyte[depth], Guard.End);
            using var scales = new GuardedMemory<float>(new float[row.Blocks], Guard.End);
            BlockDots.Quantize(x.Pointer, depth, block, bytes.Pointer, scales.Pointer);
            float actual = Named(name).Bytes(bytes.Pointer, scales.Pointer, row.Weights);
            float scalar = BlockDots.Rows()[^1].Bytes(
                bytes.Pointer, scales.Pointer, row.Weights);
            Assert.Equal(scalar, actual);
            double expected = 0;
            for (int k = 0; k < depth; k++)
            {
                Assert.InRange(
                    Math.Abs(x.Span[k] - (bytes.Span[k] * scales.Span[k / block])), 0,
                    scales.Span[k / block] * 0.5001);
                expected += (double)bytes.Span[k] * scales.Span[k / block] * row.Real(k);
            }

            Check.Near([expected], [actual], 1e-5, 2e-6 * depth, $"{name} {depth} by {block}");
        });

    [Fact]
    public void Nothing_but_zeros_has_the_scale_0()
    {
        float[] x = new float[5];
        sbyte[] bytes = [1, 1, 1, 1, 1];
        float[] scales = [1, 1, 1];
        fixed (float* from = x, to = scales)
        {
            fixed (sbyte* into = bytes)
            {
                BlockDots.Quantize(from, 5, 2, into, to);
            }
        }

        Assert.Equal(new sbyte[5], bytes);
        Assert.Equal(new float[3], scales);
    }

    static BlockDots.Row Named(string name) => BlockDots.Rows().Single(r => r.Name == name);

    static void ForEachShape(Action<int, int> check)
    {
        foreach (int depth in Lengths.WithBlocks.Where(n => n > 0))
        {
            foreach (int block in (int[])[2, 16, 32, 48, 128, 1024])
            {
                check(depth, block);
            }
        }
    }

    static int Weight(ReadOnlySpan<byte> nibbles, int k)
    {
        int nibble = (nibbles[k / 2] >> (k % 2 * 4)) & 15;
        return nibble > 7 ? nibble - 16 : nibble;
    }

    sealed class Operands : IDisposable
    {
        readonly GuardedMemory<byte> nibbles;
        readonly GuardedMemory<float> scales;
        readonly GuardedMemory<sbyte> zeros;

        public Operands(int depth, int block)
        {
            int blocks = (depth + block - 1) / block;
            sbyte[] points = [.. Enumerable.Range(0, blocks).Select(b => (sbyte)((b % 16) - 8))];
            nibbles = new(Fill.UInt8((depth + 1) / 2, depth, Pattern.Random), Guard.End);
            scales = new(Fill.Float32(blocks, depth, 0.01f, 0.1f), Guard.End);
            zeros = new(points, Guard.End);
            Weights = new(nibbles.Pointer, scales.Pointer, zeros.Pointer, depth, block);
        }

        public BlockDots.Weights Weights { get; }

        public int Blocks => Weights.Blocks;

        public double Real(int k)
        {
            int b = k / Weights.Block;
            return (double)scales.Span[b] * (Weight(nibbles.Span, k) - zeros.Span[b]);
        }

        public void Dispose()
        {
            nibbles.Dispose();
            scales.Dispose();
            zeros.Dispose();
        }
    }
}
