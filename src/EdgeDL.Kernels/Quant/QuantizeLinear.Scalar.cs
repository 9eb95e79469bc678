namespace EdgeDL.Kernels.Quant;

public static unsafe partial class QuantizeLinear
{
    static Row<T, TSteps> Scalar<T, TSteps>()
        where T : unmanaged
        where TSteps : struct, ISteps
        => new("Scalar", true, &RunScalar<T, TSteps>);

    static void RunScalar<T, TSteps>(ReadOnlySpan<float> x, float factor, int zero, Span<T> y)
        where T : unmanaged
        where TSteps : struct, ISteps
    {
        float low = Min<T>() - zero;
        float high = Max<T>() - zero;
        x = x[..y.Length];
        fixed (T* py = y)
        {
            for (int i = 0; i < y.Length; i++)
            {
                float scaled = MathF.Min(MathF.Max(TSteps.Apply(x[i], factor), low), high);
                int rounded = float.IsNaN(scaled) ? 0 : (int)MathF.Round(scaled);
                ((byte*)py)[i] = (byte)(rounded + zero);
            }
        }
    }
}
