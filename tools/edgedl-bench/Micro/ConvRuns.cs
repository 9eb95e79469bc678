using EdgeDL.Kernels;
using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Quant;
using EdgeDL.Kernels.Winograd;

namespace EdgeDL.Bench.Micro;

/// <summary>The rows of convolutions and matrix products.</summary>
static unsafe class ConvRuns
{
    public static IEnumerable<KernelRun> Float32(ConvShape shape, NativeBlocks memory)
    {
        var runs = new List<KernelRun>();
        float* x = memory.Floats((long)shape.Batch * shape.InHeight * shape.InWidth
            * shape.InChannels);
        float* w = memory.Floats((long)shape.OutChannels * shape.Depth);
        float* bias = memory.Floats(shape.OutChannels);
        float* y = memory.Zeros<float>((long)shape.Rows * shape.OutChannels);
        foreach ((string name, ConvF32.Row row) in RealRows(shape))
        {
            var args = new ConvF32.Args
            {
                Shape = shape,
                Input = x,
                Output = y,
                Panels = memory.Zeros<float>(row.PackedFloats(shape)),
                Min = 0,
                Max = 6,
            };
            row.Pack(shape, w, bias, args.Panels);
            byte* scratch = memory.Zeros<byte>(row.ScratchBytes(shape));
            int panels = row.PanelCount(shape), units = row.Units(shape);
            runs.Add(new KernelRun(
                name, () => row.Run(args, 0, units, 0, panels, scratch)));
        }

        return runs;
    }

    // Where dispatch takes the tiled rows, they come first.
    static IEnumerable<(string Name, ConvF32.Row Row)> RealRows(ConvShape shape)
    {
        IEnumerable<(string, ConvF32.Row)> direct =
            ConvF32.Rows().Where(r => r.IsSupported).Select(r => (r.Name, r));
        return WinogradF32.Pays(shape, WinogradF32.Best().TileRows)
            ? WinogradF32.Rows().Where(r => r.IsSupported).Select(r => ($"Winograd {r.Name}", r))
                .Concat(direct)
            : direct;
    }

    public static IEnumerable<KernelRun> Int8(ConvShape shape, NativeBlocks memory)
    {
        var runs = new List<KernelRun>();
        byte* x = memory.Bytes((long)shape.Batch * shape.InHeight * shape.InWidth
            * shape.InChannels);
        byte* w = memory.Bytes((long)shape.OutChannels * shape.Depth);
        int* bias = memory.Zeros<int>(shape.OutChannels);
        float* scale = memory.Zeros<float>(shape.OutChannels);
        new Span<float>(scale, shape.OutChannels).Fill(1f / (128 * shape.Depth));
        byte* y = memory.Zeros<byte>((long)shape.Rows * shape.OutChannels);
        foreach ((string name, ConvS8.Row row) in IntegerRows(shape))
        {
            int columns = row.PackedColumns(shape);
            var args = new ConvS8.Args
            {
                Shape = shape,
                Input = x,
                InputZero = -3,
                Panels = memory.Zeros<sbyte>(row.PackedBytes(shape)),
                Bias = memory.Zeros<int>(columns),
                Sums = memory.Zeros<int>(columns),
                Scale = memory.Zeros<float>(columns),
                Output = y,
                Range = new Requantize.Range(-5, -128, 127),
            };
            row.Pack(args, w, 0, bias, scale);
            byte* scratch = memory.Zeros<byte>(row.ScratchBytes(shape));
            int panels = row.PanelCount(shape), units = row.Units(shape);
            runs.Add(new KernelRun(
                name, () => row.Run(args, 0, units, 0, panels, scratch)));
        }

        return runs;
    }

    static IEnumerable<(string Name, ConvS8.Row Row)> IntegerRows(ConvShape shape)
    {
        IEnumerable<(string, ConvS8.Row)> direct =
            ConvS8.Rows().Where(r => r.IsSupported).Select(r => (r.Name, r));
        var here = CpuTarget.This();
        return WinogradS8.Fits(shape, weightZero: 0) && WinogradS8.Pays(shape, here)
            ? direct.Prepend(($"Winograd {direct.First().Item1}", WinogradS8.Best(here)!))
            : direct;
    }
}
