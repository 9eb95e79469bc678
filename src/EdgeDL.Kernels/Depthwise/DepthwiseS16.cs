using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>
/// Depthwise convolution of int16 activations with int8 weights [taps][channels], zero points 0:
/// TensorFlow Lite's 16×8 scheme. Of <see cref="ConvS16.Args"/> the strides are not read.
/// </summary>
public static unsafe class DepthwiseS16
{
    /// <summary>Bytes of scratch that each thread needs; 64-byte aligned.</summary>
    public static long ScratchBytes(in ConvShape s) => (8L * s.Taps + 63) & ~63L;

    /// <summary>Positions [begin, end). <paramref name="zeros"/>: InChannels zeros.</summary>
    public static void Run(
        in ConvS16.Args args, short* zeros, int begin, int end, byte* scratch)
    {
        short** taps = (short**)scratch;
        int channels = args.Shape.OutChannels;
        int multiplier = channels / args.Shape.InChannels;
        int count = args.Shape.Taps;
        var walk = new DepthwiseWalk<short>(args.Shape, args.Input, zeros, 0, taps, begin);
        for (int row = begin; row < end; row++)
        {
            walk.Next();
            short* y = args.Output + (nint)row * channels;
            for (int o = 0; o < channels; o++)
            {
                int c = o / multiplier;
                long sum = 0;
                for (int t = 0; t < count; t++)
                {
                    sum += taps[t][c] * args.Weights[(nint)t * channels + o];
                }
                y[o] = (short)ConvS16.Finish(args, o, sum);
            }
        }
    }
}
