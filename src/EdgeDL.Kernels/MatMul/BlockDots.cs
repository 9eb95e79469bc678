namespace EdgeDL.Kernels.MatMul;

/// <summary>
/// Σ_b scale[b] · Σ_k x[k] · (q[k] − zero[b]): a row of values by a row of int4 weights that have a
/// scale and a zero point each block. Nibbles are two's complement, the low one first; a block
/// begins at a whole byte. With x in blocks of int8 the sums of a block are int32 and those over
/// blocks fp32, in order and without fused multiply-adds: the same bits in every row.
/// </summary>
public static unsafe partial class BlockDots
{
    /// <summary>The weights of one output.</summary>
    public readonly struct Weights(
        byte* nibbles, float* scales, sbyte* zeros, int depth, int block)
    {
        /// <summary>⌈Depth / 2⌉ bytes.</summary>
        public readonly byte* Nibbles = nibbles;

        /// <summary>One a block.</summary>
        public readonly float* Scales = scales;

        /// <summary>One a block, −8 to 7.</summary>
        public readonly sbyte* Zeros = zeros;

        public readonly int Depth = depth;

        /// <summary>Even, at most 2²⁰: a block's sum fits int32. The last block may be shorter.
        /// </summary>
        public readonly int Block = block;

        public int Blocks => (Depth + Block - 1) / Block;

        /// <summary>How many weights block <paramref name="b"/> has.</summary>
        public int Count(int b) => Math.Min(Block, Depth - (b * Block));
    }

    /// <summary>One implementation.</summary>
    public sealed class Row(
        string name, bool supported, delegate*<float*, in Weights, float> floats,
        delegate*<sbyte*, byte*, int, int, int> bytes)
    {
        public string Name => name;
        public bool IsSupported => supported;

        /// <summary>x as floats.</summary>
        public float Floats(float* x, in Weights w) => floats(x, w);

        /// <summary>x as int8, −127 to 127, with a scale each block.</summary>
        public float Bytes(sbyte* x, float* scales, in Weights w)
        {
            float sum = 0;
            int blocks = w.Blocks;
            for (int b = 0; b < blocks; b++)
            {
                nint first = (nint)b * w.Block;
                int dot = bytes(x + first, w.Nibbles + (first / 2), w.Count(b), w.Zeros[b]);
                float scale = scales[b] * w.Scales[b];
                sum += dot * scale;
            }

            return sum;
        }

        /// <summary>Σ x[k] · (q[k] − zero) over a block.</summary>
        public int Block(sbyte* x, byte* nibbles, int count, int zero) =>
            bytes(x, nibbles, count, zero);

        public override string ToString() => name;
    }

    /// <summary>Fastest first.</summary>
    public static Row[] Rows() =>
    [
        new("X86Avx2", X86Avx2.IsSupported, &X86Avx2.Floats, &X86Avx2.Bytes),
        new("ArmDp", ArmDp.IsSupported, &Vec128.Floats, &ArmDp.Bytes),
        new("Vec128", Vec128.IsSupported, &Vec128.Floats, &Vec128.Bytes),
        new("Scalar", true, &Scalar.Floats, &Scalar.Bytes),
    ];

    /// <summary>The first row that this CPU runs.</summary>
    public static Row Best() => Array.Find(Rows(), row => row.IsSupported)!;

    /// <summary>
    /// x in int8 by blocks, scale = max |x| / 127 and to the nearest even: what ONNX Runtime's
    /// MatMulNBits multiplies at accuracy level 4.
    /// </summary>
    public static void Quantize(float* x, int depth, int block, sbyte* to, float* scales)
    {
        for (int first = 0, b = 0; first < depth; first += block, b++)
        {
            int end = Math.Min(depth, first + block);
            float most = 0;
            for (int k = first; k < end; k++)
            {
                most = MathF.Max(most, MathF.Abs(x[k]));
            }

            scales[b] = most / 127f;
            float inverse = most > 0 ? 127f / most : 0;
            for (int k = first; k < end; k++)
            {
                to[k] = (sbyte)Math.Clamp(MathF.Round(x[k] * inverse), -127f, 127f);
            }
        }
    }
}
