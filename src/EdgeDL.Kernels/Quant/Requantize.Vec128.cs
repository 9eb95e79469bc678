using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Quant;

public static unsafe partial class Requantize
{
    internal readonly struct Vec128 : IIsa
    {
        public static bool IsSupported => Vector128.IsHardwareAccelerated;

        public static void Run(int* acc, float* scale, int count, Range range, byte* y)
        {
            var low = Vector128.Create((float)(range.Min - range.Zero));
            var high = Vector128.Create((float)(range.Max - range.Zero));
            var zero = Vector128.Create(range.Zero);
            int i = 0;
            for (; i <= count - 8; i += 8)
            {
                var a = Four(acc + i, scale + i, low, high, zero);
                var b = Four(acc + i + 4, scale + i + 4, low, high, zero);
                var words = Vector128.Narrow(a, b);
                Vector128.Narrow(words, words).AsByte().GetLower().Store(y + i);
            }
            Scalar.Run(acc + i, scale + i, count - i, range, y + i);
        }

        public static void Rows(
            int* acc, int columns, int rows, float* scale, int width, Range range, byte* y,
            nint stride) =>
            RowByRow<Vec128>(acc, columns, rows, scale, width, range, y, stride);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<int> Four(
            int* acc, float* scale, Vector128<float> low, Vector128<float> high,
            Vector128<int> zero)
        {
            var value = Vector128.ConvertToSingle(Vector128.Load(acc)) * Vector128.Load(scale);
            value = Vector128.MinNative(Vector128.MaxNative(value, low), high);
            return Vector128.ConvertToInt32Native(Vector128.Round(value)) + zero;
        }
    }
}
