namespace EdgeDL.Kernels.Quant;

public static unsafe partial class QuantizeLinear
{
    static Row<T> Scalar<T>()
        where T : unmanaged
        => new("Scalar", true, &RunScalar);

    static void RunScalar<T>(ReadOnlySpan<float> x, float inverse, int zero, Span<T> y)
        where T : unmanaged
    {
        float low = Min<T>() - zero;
        float high = Max<T>() - zero;
        x = x[..y.Length];
        fixed (T* py = y)
        {
            for (int i = 0; i < y.Length; i++)
            {
                float scaled = MathF.Min(MathF.Max(x[i] * inverse, low), high);
                int rounded = float.IsNaN(scaled) ? 0 : (int)MathF.Round(scaled);
                ((byte*)py)[i] = (byte)(rounded + zero);
            }
        }
    }
}
