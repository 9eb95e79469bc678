namespace EdgeDL.Kernels.Quant;

public static unsafe partial class DequantizeLinear
{
    static Row<T> Scalar<T>()
        where T : unmanaged
        => new("Scalar", true, &RunScalar);

    static void RunScalar<T>(ReadOnlySpan<T> x, float scale, int zero, Span<float> y)
        where T : unmanaged
    {
        fixed (T* px = x[..y.Length])
        {
            for (int i = 0; i < y.Length; i++)
            {
                int value = typeof(T) == typeof(sbyte) ? ((sbyte*)px)[i] : ((byte*)px)[i];
                y[i] = (value - zero) * scale;
            }
        }
    }
}
