using System.Runtime.InteropServices;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Depthwise;
using EdgeDL.Kernels.Tests.Conv;
using EdgeDL.Testing;

namespace EdgeDL.Kernels.Tests.Depthwise;

public sealed unsafe class DepthwiseTests
{
    public static TheoryData<string> KernelsF32() =>
        [.. DepthwiseF32.Rows().Where(r => r.IsSupported).Select(r => r.Name)];

    public static TheoryData<string> KernelsS8() =>
        [.. DepthwiseS8.Rows().Where(r => r.IsSupported).Select(r => r.Name)];

    /// <summary>Every channel count up to 70; multipliers, windows and strides in turn. Then whole
    /// vectors of channels, 3×3, at every width about four.</summary>
    static IEnumerable<ConvShape> Shapes()
    {
        var random = new Random(3);
        for (int channels = 1; channels <= 70; channels++)
        {
            int multiplier = channels % 4 == 0 ? random.Next(2, 9) : 1;
            int kernel = channels % 3 == 0 ? random.Next(1, 6) : 3;
            int dilation = channels % 5 == 0 ? 2 : 1;
            yield return Shape(
                random, channels, multiplier, kernel, dilation, random.Next(1, 9),
                random.Next(1, 3));
        }
        foreach (int channels in (int[])[8, 16, 24, 32, 40, 64])
        {
            for (int width = 2; width <= 10; width++)
            {
                yield return Shape(random, channels, 1, 3, 1 + width % 2, width, 1);
                yield return Shape(random, channels, 1, 3, 1, 2 * width, 2);
            }
        }
    }

    static ConvShape Shape(
        Random random, int channels, int multiplier, int kernel, int dilation, int width,
        int strideWidth)
    {
        int extent = (kernel - 1) * dilation;
        int padTop = random.Next(extent + 1), padLeft = random.Next(extent + 1);
        int height = random.Next(1, 9), strideHeight = random.Next(1, 3);
        return new ConvShape
        {
            Batch = random.Next(1, 3),
            InHeight = height,
            InWidth = width,
            InChannels = channels,
            OutChannels = channels * multiplier,
            Groups = channels,
            KernelHeight = kernel,
            KernelWidth = kernel,
            DilationHeight = dilation,
            DilationWidth = dilation,
            StrideHeight = strideHeight,
            StrideWidth = strideWidth,
            PadTop = padTop,
            PadLeft = padLeft,
            OutHeight = Math.Max(1, (height + padTop - 1) / strideHeight + 1),
            OutWidth = Math.Max(1, (width + padLeft - 1) / strideWidth + 1),
        };
    }

    /// <summary>[taps][channels] index of the OHWI weight index of a grouped convolution.</summary>
    static int TapMajor(in ConvShape s, int weight) =>
        weight % s.Taps * s.OutChannels + weight / s.Taps;

    [Theory, MemberData(nameof(KernelsF32))]
    public void F32_equals_double_arithmetic(string kernel)
    {
        var row = DepthwiseF32.Rows().First(r => r.Name == kernel);
        foreach (var s in Shapes())
        {
            var random = new Random(s.OutChannels);
            float[] x = Floats(random, ConvShapes.InputLength(s));
            float[] w = Floats(random, s.Taps * s.OutChannels);
            float[] bias = Floats(random, s.OutChannels);
            var guard = s.InChannels % 2 == 0 ? Guard.Start : Guard.End;
            float[] whole = RunF32(row, s, x, w, bias, 1, guard);
            float[] cut = RunF32(row, s, x, w, bias, 4, guard);
            Assert.Equal(
                MemoryMarshal.AsBytes<float>(whole).ToArray(),
                MemoryMarshal.AsBytes<float>(cut).ToArray());
            var sum = new double[whole.Length];
            ConvShapes.ForEachProduct(s, (to, from, weight) =>
                sum[to] += from < 0 ? 0 : (double)x[from] * w[TapMajor(s, weight)]);
            for (int i = 0; i < sum.Length; i++)
            {
                double expected = Math.Clamp(sum[i] + bias[i % s.OutChannels], -1, 2);
                Assert.Equal(expected, whole[i], 1e-5);
            }
        }
    }

    static float[] Floats(Random random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() * 2 - 1)];

    static float[] RunF32(
        DepthwiseF32.Row row, ConvShape s, float[] x, float[] w, float[] bias, int parts,
        Guard guard)
    {
        using var input = new GuardedMemory<float>(x, guard);
        using var weights = new GuardedMemory<float>(w, guard);
        using var biases = new GuardedMemory<float>(bias, guard);
        using var blocks = new GuardedMemory<float>((int)row.PackedFloats(s), guard);
        using var output = new GuardedMemory<float>(ConvShapes.OutputLength(s), guard);
        using var scratch = new GuardedMemory<byte>((int)row.ScratchBytes(s), guard);
        var args = new DepthwiseF32.Args
        {
            Shape = s,
            Input = input.Pointer,
            Output = output.Pointer,
            Blocks = blocks.Pointer,
            Min = -1,
            Max = 2,
        };
        row.Pack(s, weights.Pointer, biases.Pointer, blocks.Pointer);
        int lines = s.Batch * s.OutHeight;
        for (int p = 0; p < parts; p++)
        {
            row.Run(args, lines * p / parts, lines * (p + 1) / parts, scratch.Pointer);
        }
        return output.Span.ToArray();
    }

    [Theory, MemberData(nameof(KernelsS8))]
    public void Int8_equals_integer_arithmetic(string kernel) => ForEachS8(kernel, 0);

    [Theory, MemberData(nameof(KernelsS8))]
    public void Uint8_with_both_zero_points_equals_integer_arithmetic(string kernel) =>
        ForEachS8(kernel, 0x80);

    static void ForEachS8(string kernel, byte flip)
    {
        var row = DepthwiseS8.Rows().First(r => r.Name == kernel);
        foreach (var s in Shapes())
        {
            var random = new Random(s.OutChannels);
            var x = new byte[ConvShapes.InputLength(s)];
            var w = new byte[s.Taps * s.OutChannels];
            random.NextBytes(x);
            random.NextBytes(w);
            int inputZero = random.Next(-128, 128);
            int weightZero = flip == 0 ? 0 : random.Next(-128, 128);
            if (s.InChannels % 6 == 0)
            {
                Array.Fill(x, (byte)(0x80 ^ flip));
                Array.Fill(w, (byte)(0x80 ^ flip));
                weightZero = flip == 0 ? 0 : 127;
            }
            int[] bias =
                [.. Enumerable.Range(0, s.OutChannels).Select(_ => random.Next(-999, 999))];
            float[] scale =
                [.. Enumerable.Range(0, s.OutChannels).Select(_ => random.NextSingle() * 0.01f)];
            var args = new DepthwiseS8.Args
            {
                Shape = s,
                InputFlip = flip,
                InputZero = inputZero,
                Range = flip == 0 ? new(5, -128, 127) : new(100, 0, 255),
            };
            var sum = new int[ConvShapes.OutputLength(s)];
            ConvShapes.ForEachProduct(s, (to, from, weight) =>
                sum[to] += from < 0
                    ? 0
                    : ((sbyte)(x[from] ^ flip) - inputZero)
                        * ((sbyte)(w[TapMajor(s, weight)] ^ flip) - weightZero));
            var expected = new byte[sum.Length];
            for (int i = 0; i < sum.Length; i++)
            {
                int o = i % s.OutChannels;
                float value = (float)(sum[i] + bias[o]) * scale[o];
                double q = Math.Round((double)value, MidpointRounding.ToEven) + args.Range.Zero;
                expected[i] = (byte)(int)Math.Clamp(q, args.Range.Min, args.Range.Max);
            }
            var guard = s.InChannels % 2 == 0 ? Guard.Start : Guard.End;
            Assert.Equal(expected, RunS8(row, args, x, w, weightZero, bias, scale, 1, guard));
            Assert.Equal(expected, RunS8(row, args, x, w, weightZero, bias, scale, 4, guard));
        }
    }

    static byte[] RunS8(
        DepthwiseS8.Row row, DepthwiseS8.Args args, byte[] x, byte[] w, int weightZero, int[] bias,
        float[] scale, int parts, Guard guard)
    {
        var s = args.Shape;
        using var input = new GuardedMemory<byte>(x, guard);
        using var blocks = new GuardedMemory<short>((int)row.PackedShorts(s), guard);
        using var packedBias = new GuardedMemory<int>((int)row.PackedColumns(s), guard);
        using var sums = new GuardedMemory<int>((int)row.PackedColumns(s), guard);
        using var packedScale = new GuardedMemory<float>((int)row.PackedColumns(s), guard);
        using var output = new GuardedMemory<byte>(ConvShapes.OutputLength(s), guard);
        using var scratch = new GuardedMemory<byte>((int)row.ScratchBytes(s), guard);
        args.Input = input.Pointer;
        args.Blocks = blocks.Pointer;
        args.Bias = packedBias.Pointer;
        args.Sums = sums.Pointer;
        args.Scale = packedScale.Pointer;
        args.Output = output.Pointer;
        fixed (byte* pw = w)
        fixed (int* pb = bias)
        fixed (float* ps = scale)
        {
            row.Pack(args, pw, args.InputFlip, weightZero, pb, ps);
        }
        int lines = s.Batch * s.OutHeight;
        for (int p = 0; p < parts; p++)
        {
            row.Run(args, lines * p / parts, lines * (p + 1) / parts, scratch.Pointer);
        }
        return output.Span.ToArray();
    }
}
