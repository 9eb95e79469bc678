using EdgeDL.Ops;
using EdgeDL.Testing;

namespace EdgeDL.Tests.Ops.Mac;

sealed class TransposeConvCases : IOpCases
{
    static readonly ConvAxis twice = new(2, 1, 0, 1);

    public static IEnumerable<OpCase> Cases()
    {
        var doubled = new TransposeConv(new(twice, twice), 8, 6, Activation.None);
        var mixed = new TransposeConv(new(new(3, 1, 1, 1), new(1, 2, 0, 0)), 8, 7, Activation.Relu);
        var longer = new TransposeConv(
            new(new(3, 1, 0, 0), new(2, 2, 0, 0)), 10, 10, Activation.None);
        var cube = new Conv3DTranspose(
            new(twice, new(1, 1, 1, 1), ConvAxis.Unit), 4, 3, 5, Activation.None);
        var conv = new Conv3D(
            new(new(2, 1, 1, 0), new(1, 2, 1, 1), new(1, 1, 0, 1)), Activation.Relu6);
        return
        [
            .. MacCases.Each("twice", doubled, [2, 4, 3, 5], [7, 3, 3, 5], 0, 7,
                r => Scatter(r, [twice, twice], Activation.None)),
            .. MacCases.Each("mixed", mixed, [1, 3, 3, 4], [6, 4, 3, 4], 0, 6, r => Scatter(
                r, [mixed.Window.Height, mixed.Window.Width], Activation.Relu)),
            .. MacCases.Each("cube", cube, [1, 2, 3, 4, 3], [4, 2, 3, 2, 3], 0, 4, r => Scatter(
                r, [cube.Window.Depth, cube.Window.Height, cube.Window.Width], Activation.None)),
            .. MacCases.Each("groups", mixed, [1, 3, 3, 4], [6, 4, 3, 2], 0, 6, r => Scatter(
                r, [mixed.Window.Height, mixed.Window.Width], Activation.Relu)),
            .. MacCases.Each("long end", longer, [1, 3, 3, 2], [2, 3, 3, 1], 0, 2, r => Scatter(
                r, [longer.Window.Height, longer.Window.Width], Activation.None)),
            .. MacCases.Each("cube groups", cube, [1, 2, 3, 4, 3], [6, 2, 3, 2, 1], 0, 6,
                r => Scatter(
                    r, [cube.Window.Depth, cube.Window.Height, cube.Window.Width],
                    Activation.None)),
            .. MacCases.Each("3d groups", conv, [2, 4, 5, 3, 6], [3, 2, 2, 2, 9], 4, 9,
                r => Gather(r, conv)),
            .. MacCases.Each("3d", conv, [2, 4, 5, 3, 6], [3, 2, 2, 6, 9], 4, 9,
                r => Gather(r, conv)),
        ];
    }

    /// <summary>Every input value adds its products to the outputs they belong to.</summary>
    static void Scatter(OpRun r, ConvAxis[] axes, Activation activation)
    {
        RealTensor x = r.In(0), w = r.In(1), y = r.Out(0);
        x.ForEach((at, flat) => w.ForEach((tap, weight) =>
        {
            int group = at[^1] / w.Dim(-1);
            if (tap[^1] != at[^1] % w.Dim(-1)
                || tap[0] / (w.Dim(0) * w.Dim(-1) / x.Dim(-1)) != group)
            {
                return;
            }

            int[] to = [.. at];
            to[^1] = tap[0];
            for (int a = 0; a < axes.Length; a++)
            {
                to[a + 1] = at[a + 1] * axes[a].Stride + tap[a + 1] * axes[a].Dilation
                    - axes[a].PadBefore;
                if (to[a + 1] < 0 || to[a + 1] >= y.Dim(a + 1))
                {
                    return;
                }
            }

            y.At(to) += x[flat] * w[weight];
        }));
        for (int i = 0; i < y.Count; i++)
        {
            double bias = r.HasInput(2) ? r.In(2)[i % y.Dim(-1)] : 0;
            y[i] = MacCases.Clamp(y[i] + bias, activation);
        }
    }

    static void Gather(OpRun r, Conv3D op)
    {
        RealTensor x = r.In(0), w = r.In(1);
        ConvAxis[] axes = [op.Window.Depth, op.Window.Height, op.Window.Width];
        r.Each(i =>
        {
            double sum = r.HasInput(2) ? r.In(2)[i[4]] : 0;
            w.ForEach((tap, weight) =>
            {
                if (tap[4] != i[4])
                {
                    return;
                }

                int group = i[4] / (w.Dim(4) * w.Dim(3) / x.Dim(4));
                int[] from = [i[0], 0, 0, 0, group * w.Dim(3) + tap[3]];
                for (int a = 0; a < 3; a++)
                {
                    from[a + 1] = i[a + 1] * axes[a].Stride + tap[a] * axes[a].Dilation
                        - axes[a].PadBefore;
                    if (from[a + 1] < 0 || from[a + 1] >= x.Dim(a + 1))
                    {
                        return;
                    }
                }

                sum += x.At(from) * w[weight];
            });
            return MacCases.Clamp(sum, op.Activation);
        });
    }
}
