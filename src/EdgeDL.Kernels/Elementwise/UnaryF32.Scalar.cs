namespace EdgeDL.Kernels.Elementwise;

public static unsafe partial class UnaryF32
{
    static Row<TFn> Scalar<TFn>()
        where TFn : struct, IUnary
        => new("Scalar", true, &RunScalar<TFn>);

    static void RunScalar<TFn>(in TFn fn, ReadOnlySpan<float> x, Span<float> y)
        where TFn : struct, IUnary
    {
        TFn f = fn;
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = f.Apply(x[i]);
        }
    }
}
