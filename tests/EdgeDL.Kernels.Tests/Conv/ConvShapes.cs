using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Tests.Conv;

/// <summary>
/// Shapes that reach every path: tails, padding, dilation, groups, depth, transposed.
/// </summary>
static class ConvShapes
{
    public static IEnumerable<ConvShape> All()
    {
        for (int n = 1; n <= 35; n += 1)
        {
            yield return ConvShape.MatMul(n % 15 + 1, n, 36 - n);
        }
        yield return ConvShape.MatMul(1, 70, 70);
        yield return ConvShape.MatMul(67, 3, 40);
        // Sums of sums: within a tap, and by taps.
        yield return ConvShape.MatMul(11, 259, 35);
        yield return ConvShape.MatMul(2, 515, 33);
        yield return Square(3, 5, 50, 37);
        yield return Square(2, 4, 131, 5);
        yield return Square(1, 5, 12, 18) with { Batch = 2, Groups = 3 };
        yield return Square(1, 5, 64, 48) with { Groups = 2 };
        foreach (int groups in new[] { 1, 2 })
        {
            // One tap at a stride: the last line and column of the input are left out.
            yield return Square(1, 6, 16, 20) with
            {
                Batch = 2,
                Groups = groups,
                OutHeight = 3,
                OutWidth = 2,
                StrideHeight = 2,
                StrideWidth = 3,
            };
        }
        var random = new Random(11);
        for (int i = 0; i < 120; i++)
        {
            yield return Random(random, i);
        }
    }

    static ConvShape Square(int kernel, int side, int channels, int outputs) => new()
    {
        Batch = 1,
        Groups = 1,
        InChannels = channels,
        OutChannels = outputs,
        InDepth = 1,
        InHeight = side,
        InWidth = side,
        OutDepth = 1,
        OutHeight = side,
        OutWidth = side,
        KernelDepth = 1,
        KernelHeight = kernel,
        KernelWidth = kernel,
        StrideDepth = 1,
        StrideHeight = 1,
        StrideWidth = 1,
        DilationDepth = 1,
        DilationHeight = 1,
        DilationWidth = 1,
        PadTop = kernel / 2,
        PadLeft = kernel / 2,
    };

    static ConvShape Random(Random random, int index)
    {
        int groups = index % 5 == 0 ? random.Next(2, 4) : 1;
        bool deep = index % 7 == 0;
        bool transposed = index % 6 == 1;
        int[] kernel = [deep ? random.Next(1, 4) : 1, random.Next(1, 5), random.Next(1, 5)];
        int[] stride = [deep ? random.Next(1, 3) : 1, random.Next(1, 4), random.Next(1, 4)];
        int[] dilation = [deep ? random.Next(1, 3) : 1, random.Next(1, 3), random.Next(1, 3)];
        int[] size = [deep ? random.Next(1, 5) : 1, random.Next(1, 9), random.Next(1, 9)];
        int[] pad = [0, 0, 0];
        int[] output = [1, 1, 1];
        for (int a = 0; a < 3; a++)
        {
            int extent = (kernel[a] - 1) * dilation[a];
            pad[a] = random.Next(0, extent + 1);
            int after = random.Next(0, extent + 1);
            int span = transposed
                ? (size[a] - 1) * stride[a] + extent + 1 - pad[a] - after
                : (size[a] + pad[a] + after - extent - 1) / stride[a] + 1;
            output[a] = Math.Max(1, span);
        }
        return new ConvShape
        {
            Batch = random.Next(1, 3),
            Groups = groups,
            InChannels = groups * random.Next(1, index % 2 == 0 ? 6 : 40),
            OutChannels = groups * random.Next(1, 20),
            Transposed = transposed,
            InDepth = size[0],
            InHeight = size[1],
            InWidth = size[2],
            OutDepth = output[0],
            OutHeight = output[1],
            OutWidth = output[2],
            KernelDepth = kernel[0],
            KernelHeight = kernel[1],
            KernelWidth = kernel[2],
            StrideDepth = stride[0],
            StrideHeight = stride[1],
            StrideWidth = stride[2],
            DilationDepth = dilation[0],
            DilationHeight = dilation[1],
            DilationWidth = dilation[2],
            PadFront = pad[0],
            PadTop = pad[1],
            PadLeft = pad[2],
        };
    }

    public static int InputLength(in ConvShape s) =>
        s.Batch * s.InDepth * s.InHeight * s.InWidth * s.InChannels;

    public static int WeightLength(in ConvShape s) => s.OutChannels * s.Depth;

    public static int OutputLength(in ConvShape s) => s.Rows * s.OutChannels;

    /// <summary>
    /// For every output value, visits (output, input or −1 in padding, weight): the textbook
    /// definition, scatter form for transposed convolutions, sharing nothing with the kernels.
    /// </summary>
    public static void ForEachProduct(ConvShape s, Action<int, int, int> visit)
    {
        int depth = s.InChannels / s.Groups, columns = s.OutChannels / s.Groups;
        for (int b = 0; b < s.Batch; b++)
        for (int oz = 0; oz < s.OutDepth; oz++)
        for (int oy = 0; oy < s.OutHeight; oy++)
        for (int ox = 0; ox < s.OutWidth; ox++)
        for (int o = 0; o < s.OutChannels; o++)
        for (int kz = 0; kz < s.KernelDepth; kz++)
        for (int ky = 0; ky < s.KernelHeight; ky++)
        for (int kx = 0; kx < s.KernelWidth; kx++)
        {
            int z = At(oz, kz, s.StrideDepth, s.DilationDepth, s.PadFront, s.Transposed, s.InDepth);
            int y = At(
                oy, ky, s.StrideHeight, s.DilationHeight, s.PadTop, s.Transposed, s.InHeight);
            int x = At(ox, kx, s.StrideWidth, s.DilationWidth, s.PadLeft, s.Transposed, s.InWidth);
            int line = (b * s.OutDepth + oz) * s.OutHeight + oy;
            int to = (line * s.OutWidth + ox) * s.OutChannels + o;
            for (int c = 0; c < depth; c++)
            {
                int column = (o * s.KernelDepth + kz) * s.KernelHeight + ky;
                int weight = (column * s.KernelWidth + kx) * depth + c;
                int from = z < 0 || y < 0 || x < 0
                    ? -1
                    : (((b * s.InDepth + z) * s.InHeight + y) * s.InWidth + x) * s.InChannels
                        + o / columns * depth + c;
                visit(to, from, weight);
            }
        }
    }

    static int At(
        int output, int tap, int stride, int dilation, int pad, bool transposed, int length)
    {
        if (!transposed)
        {
            int at = output * stride + tap * dilation - pad;
            return at >= 0 && at < length ? at : -1;
        }
        for (int i = 0; i < length; i++)
        {
            if (i * stride + tap * dilation - pad == output)
            {
                return i;
            }
        }
        return -1;
    }
}
