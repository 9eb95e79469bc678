namespace EdgeDL.Kernels.Recurrent;

public static unsafe partial class RowDots
{
    internal static class Scalar
    {
        public static void Run(float* w, float* x, int rows, int columns, float* y)
        {
            for (int r = 0; r < rows; r++, w += columns)
            {
                float sum = 0;
                for (int c = 0; c < columns; c++)
                {
                    sum += w[c] * x[c];
                }

                y[r] += sum;
            }
        }

        public static void Run(sbyte* w, sbyte* x, int rows, int columns, int* y)
        {
            for (int r = 0; r < rows; r++, w += columns)
            {
                int sum = 0;
                for (int c = 0; c < columns; c++)
                {
                    sum += w[c] * x[c];
                }

                y[r] += sum;
            }
        }
    }
}
