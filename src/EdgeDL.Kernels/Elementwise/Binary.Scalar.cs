namespace EdgeDL.Kernels.Elementwise;

public static unsafe partial class Binary
{
    /// <summary>The only row of a function without a vector form.</summary>
    public static Row<T, TFn> Scalar<T, TFn>()
        where T : unmanaged
        where TFn : struct, IBinary<T>
        => new("Scalar", true, &RunScalar<T, TFn>);

    static void RunScalar<T, TFn>(in TFn fn, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged
        where TFn : struct, IBinary<T>
    {
        if (y.IsEmpty)
        {
            return;
        }
        CheckLengths(a.Length, b.Length, y.Length);
        TFn f = fn;
        int stepA = a.Length == 1 ? 0 : 1;
        int stepB = b.Length == 1 ? 0 : 1;
        // y may be a or b, but not the value that stands for all of them.
        T a0 = a[0];
        T b0 = b[0];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = f.Apply(stepA == 0 ? a0 : a[i], stepB == 0 ? b0 : b[i]);
        }
    }
}
