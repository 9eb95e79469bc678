namespace EdgeDL.Kernels.MatMul;

public static unsafe partial class BlockDots
{
    internal static class Scalar
    {
        public static float Floats(float* x, in Weights w)
        {
            float sum = 0;
            for (int b = 0, first = 0; first < w.Depth; first += w.Block, b++)
            {
                sum += w.Scales[b] * Block(x + first, w.Nibbles + (first / 2), w.Count(b), 0,
                    w.Zeros[b]);
            }

            return sum;
        }

        /// <summary>Σ x[k] · (q[k] − zero), from a place in the block on.</summary>
        public static float Block(float* x, byte* nibbles, int count, int from, int zero)
        {
            float sum = 0;
            for (int k = from; k < count; k++)
            {
                sum += x[k] * (Weight(nibbles, k) - zero);
            }

            return sum;
        }

        public static int Bytes(sbyte* x, byte* nibbles, int count, int zero) =>
            Block(x, nibbles, count, 0, zero);

        public static int Block(sbyte* x, byte* nibbles, int count, int from, int zero)
        {
            int sum = 0;
            for (int k = from; k < count; k++)
            {
                sum += x[k] * (Weight(nibbles, k) - zero);
            }

            return sum;
        }

        static int Weight(byte* nibbles, int k) =>
            (((nibbles[k >> 1] >> ((k & 1) * 4)) & 15) ^ 8) - 8;
    }
}
