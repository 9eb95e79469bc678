using EdgeDL.Kernels.Conv;
using EdgeDL.Kernels.Depthwise;
using EdgeDL.Kernels.Quant;

namespace EdgeDL.Bench.Micro;

/// <summary>The rows of depthwise convolutions.</summary>
static unsafe class DepthwiseRuns
{
    public static IEnumerable<KernelRun> Float32(ConvShape shape, NativeBlocks memory)
    {
        var runs = new List<KernelRun>();
        float* x = memory.Floats((long)shape.InHeight * shape.InWidth * shape.InChannels);
        float* w = memory.Floats((long)shape.Taps * shape.OutChannels);
        float* bias = memory.Floats(shape.OutChannels);
        float* y = memory.Zeros<float>((long)shape.Rows * shape.OutChannels);
        foreach (DepthwiseF32.Row row in DepthwiseF32.Rows().Where(r => r.IsSupported))
        {
            var args = new DepthwiseF32.Args
            {
                Shape = shape,
                Input = x,
                Output = y,
                Blocks = memory.Zeros<float>(row.PackedFloats(shape)),
                Min = 0,
                Max = 6,
            };
            row.Pack(shape, w, bias, args.Blocks);
            byte* scratch = memory.Zeros<byte>(row.ScratchBytes(shape));
            runs.Add(new KernelRun(row.Name, () => row.Run(args, 0, shape.OutHeight, scratch)));
        }

        return runs;
    }

    public static IEnumerable<KernelRun> Int8(ConvShape shape, NativeBlocks memory)
    {
        var runs = new List<KernelRun>();
        byte* x = memory.Bytes((long)shape.InHeight * shape.InWidth * shape.InChannels);
        byte* w = memory.Bytes((long)shape.Taps * shape.OutChannels);
        int* bias = memory.Zeros<int>(shape.OutChannels);
        float* scale = memory.Zeros<float>(shape.OutChannels);
        new Span<float>(scale, shape.OutChannels).Fill(1f / (128 * shape.Taps));
        byte* y = memory.Zeros<byte>((long)shape.Rows * shape.OutChannels);
        foreach (DepthwiseS8.Row row in DepthwiseS8.Rows().Where(r => r.IsSupported))
        {
            long columns = row.PackedColumns(shape);
            var args = new DepthwiseS8.Args
            {
                Shape = shape,
                Input = x,
                InputZero = 0,
                Blocks = memory.Zeros<short>(row.PackedShorts(shape)),
                Bias = memory.Zeros<int>(columns),
                Sums = memory.Zeros<int>(columns),
                Scale = memory.Zeros<float>(columns),
                Output = y,
                Range = new Requantize.Range(-5, -128, 127),
            };
            row.Pack(args, w, 0, 0, bias, scale);
            byte* scratch = memory.Zeros<byte>(row.ScratchBytes(shape));
            runs.Add(new KernelRun(row.Name, () => row.Run(args, 0, shape.OutHeight, scratch)));
        }

        return runs;
    }
}
