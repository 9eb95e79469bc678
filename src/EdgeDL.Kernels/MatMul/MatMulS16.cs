using EdgeDL.Kernels.Quant;

namespace EdgeDL.Kernels.MatMul;

/// <summary>
/// y[m, n] = clamp(multiply(Σ_k a[m, k] · b[k, n])) for int16 operands with zero points 0, exact
/// int64 sums and TensorFlow Lite's fixed-point rescaling.
/// </summary>
public static unsafe class MatMulS16
{
    /// <summary>One operand: element (i, k) at i · RowStride + k · DepthStride.</summary>
    public readonly struct Operand(short* data, nint rowStride, nint depthStride)
    {
        public short* Data => data;
        public nint RowStride => rowStride;
        public nint DepthStride => depthStride;
    }

    /// <summary>One row of y: <paramref name="a"/> is at it; rows of b are y's columns.</summary>
    public static void Row(
        Operand a, Operand b, int depth, int columns, int multiplier, int shift, short* y)
    {
        for (int n = 0; n < columns; n++)
        {
            short* from = a.Data;
            short* with = b.Data + n * b.RowStride;
            long sum = 0;
            for (int k = 0; k < depth; k++)
            {
                sum += *from * *with;
                from += a.DepthStride;
                with += b.DepthStride;
            }
            int value = FixedPoint.MultiplyByQuantizedMultiplier(sum, multiplier, shift);
            y[n] = (short)Math.Clamp(value, short.MinValue, short.MaxValue);
        }
    }
}
