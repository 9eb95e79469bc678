using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Quant;

public static unsafe partial class Requantize
{
    internal readonly struct Scalar : IIsa
    {
        public static bool IsSupported => true;

        public static void Run(int* acc, float* scale, int count, Range range, byte* y)
        {
            for (int i = 0; i < count; i++)
            {
                y[i] = (byte)One(acc[i], scale[i], range);
            }
        }

        public static void Rows(
            int* acc, int columns, int rows, float* scale, int width, Range range, byte* y,
            nint stride) =>
            RowByRow<Scalar>(acc, columns, rows, scale, width, range, y, stride);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int One(int acc, float scale, Range range)
        {
            // Clamping before rounding keeps the float inside int's range; the bounds are
            // integers, so the order does not change the result.
            float value = acc * scale;
            value = MathF.Max(value, range.Min - range.Zero);
            value = MathF.Min(value, range.Max - range.Zero);
            return (int)MathF.Round(value, MidpointRounding.ToEven) + range.Zero;
        }
    }
}
