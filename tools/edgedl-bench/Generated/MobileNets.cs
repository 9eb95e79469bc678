using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Bench.Generated;

/// <summary>MobileNets of width 1.0 for images of 224 × 224 and 1001 classes, fp32.</summary>
static class MobileNets
{
    const int Size = 224;
    const int Classes = 1001;
    const int Seed = 2026;

    /// <summary>Howard et al. 2017, table 1.</summary>
    public static Model V1()
    {
        (int Channels, int Stride)[] blocks =
        [
            (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1),
            (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
        ];
        var net = new NetWriter("mobilenet_v1_1.0_224", Seed);
        int x = net.Conv(net.Image(Size), 32, kernel: 3, stride: 2, Activation.Relu6);
        foreach ((int channels, int stride) in blocks)
        {
            x = net.Depthwise(x, stride);
            x = net.Conv(x, channels, kernel: 1, stride: 1, Activation.Relu6);
        }

        x = net.GlobalAverage(x);
        net.Classes(net.Conv(x, Classes, kernel: 1, stride: 1, Activation.None));
        return net.Model;
    }

    /// <summary>Sandler et al. 2018, table 2.</summary>
    public static Model V2()
    {
        (int Expansion, int Channels, int Repeats, int Stride)[] stages =
        [
            (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
            (6, 160, 3, 2), (6, 320, 1, 1),
        ];
        var net = new NetWriter("mobilenet_v2_1.0_224", Seed);
        int x = net.Conv(net.Image(Size), 32, kernel: 3, stride: 2, Activation.Relu6);
        foreach ((int expansion, int channels, int repeats, int stride) in stages)
        {
            for (int i = 0; i < repeats; i++)
            {
                x = Bottleneck(net, x, expansion, channels, i == 0 ? stride : 1);
            }
        }

        x = net.Conv(x, 1280, kernel: 1, stride: 1, Activation.Relu6);
        net.Classes(net.FullyConnected(net.GlobalAverage(x), Classes));
        return net.Model;
    }

    static int Bottleneck(NetWriter net, int x, int expansion, int channels, int stride)
    {
        int before = net.Channels(x);
        int y = expansion == 1 ? x
            : net.Conv(x, before * expansion, kernel: 1, stride: 1, Activation.Relu6);
        y = net.Depthwise(y, stride);
        y = net.Conv(y, channels, kernel: 1, stride: 1, Activation.None);
        return stride == 1 && before == channels ? net.Add(x, y) : y;
    }
}
