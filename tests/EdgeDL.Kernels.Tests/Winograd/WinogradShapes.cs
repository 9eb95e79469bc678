using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Tests.Winograd;

/// <summary>3×3 convolutions at stride 1.</summary>
static class WinogradShapes
{
    /// <summary>Sizes around a tile and a block, padding that whole tiles lie in, partial vectors
    /// and panels.</summary>
    public static IEnumerable<ConvShape> All(int channelUnit)
    {
        for (int size = 1; size <= 9; size++)
        {
            for (int pad = 0; pad <= 3; pad++)
            {
                int other = size * 5 % 9 + 1;
                if (size + 2 * pad >= 3 && other + pad >= 3)
                {
                    yield return Of(
                        1 + size % 2, size, other, channelUnit * size, 44 - 4 * size, pad);
                }
            }
        }
        yield return Of(1, 15, 14, 16, 16, 1);
        yield return Of(3, 7, 7, 17 * channelUnit, 36, 1);
        yield return Of(1, 6, 33, 33 * channelUnit, 20, 1);
    }

    /// <summary>The far edges are padded by one less than the near ones.</summary>
    public static ConvShape Of(
        int batch, int height, int width, int channels, int outputs, int pad) => new()
    {
        Batch = batch,
        InHeight = height,
        InWidth = width,
        InChannels = channels,
        OutHeight = Math.Max(1, height + Math.Max(0, 2 * pad - 1) - 2),
        OutWidth = Math.Max(1, width + Math.Max(0, 2 * pad - 1) - 2),
        OutChannels = outputs,
        KernelHeight = 3,
        KernelWidth = 3,
        PadTop = pad,
        PadLeft = pad,
    };
}
