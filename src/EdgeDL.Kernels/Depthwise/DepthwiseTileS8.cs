using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.Depthwise;

/// <summary>
/// sum[l] = bias[l] + Σ_t values[taps[t] + l] · w[t, l] for the lanes l of an output line.
/// </summary>
unsafe interface IDepthwiseTileS8
{
    static abstract bool IsSupported { get; }

    /// <summary>Lanes of a block.</summary>
    static abstract int Columns { get; }

    /// <summary>Taps that lie together for one lane; the count of taps is a multiple.</summary>
    static abstract int Group { get; }

    /// <summary>Which lane of its block lies at a position of bias, scale and weights.</summary>
    static abstract int Lane(int position);

    /// <summary>The sums of one block from <paramref name="lane"/> on, in the lanes' order.
    /// </summary>
    static abstract void Block(in DepthwiseLineS8 line, nint lane, int block, int* sums);

    /// <summary>All lanes, requantized.</summary>
    static abstract void Line(in DepthwiseLineS8 line, byte* y);
}

/// <summary>What an output line is made of.</summary>
unsafe struct DepthwiseLineS8
{
    public short* Values;
    public nint* Taps;
    public int TapCount;

    /// <summary>Taps are those of a 3×3 window.</summary>
    public bool IsThreeByThree;

    /// <summary>[blocks][taps / Group][Columns][Group].</summary>
    public short* Weights;

    /// <summary>[blocks][Columns], as is the scale.</summary>
    public int* Bias;
    public float* Scale;
    public int Blocks;

    /// <summary>Lanes of a position.</summary>
    public int Channels;

    /// <summary>Values of the line: width × channels.</summary>
    public nint Lanes;
    public Requantize.Range Range;
}

static unsafe partial class DepthwiseTileS8
{
    internal readonly struct Scalar : IDepthwiseTileS8
    {
        public static bool IsSupported => true;
        public static int Columns => 4;
        public static int Group => 1;

        public static int Lane(int position) => position;

        public static void Block(in DepthwiseLineS8 line, nint lane, int block, int* sums)
        {
            short* w = line.Weights + (nint)block * line.TapCount * 4;
            for (int j = 0; j < 4; j++)
            {
                int sum = line.Bias[block * 4 + j];
                for (int t = 0; t < line.TapCount; t++)
                {
                    sum += line.Values[line.Taps[t] + lane + j] * w[4 * t + j];
                }
                sums[j] = sum;
            }
        }

        public static void Line(in DepthwiseLineS8 line, byte* y) =>
            BlockByBlock<Scalar, Requantize.Scalar>(line, y);
    }

    static void BlockByBlock<TIsa, TRequantize>(in DepthwiseLineS8 line, byte* y)
        where TIsa : struct, IDepthwiseTileS8
        where TRequantize : struct, Requantize.IIsa
    {
        int* sums = stackalloc int[TIsa.Columns];
        int block = 0;
        for (nint lane = 0; lane < line.Lanes; lane += TIsa.Columns)
        {
            TIsa.Block(line, lane, block, sums);
            TRequantize.Run(
                sums, line.Scale + (nint)block * TIsa.Columns,
                (int)Math.Min(TIsa.Columns, line.Lanes - lane), line.Range, y + lane);
            block = block + 1 == line.Blocks ? 0 : block + 1;
        }
    }
}
