namespace EdgeDL.Kernels.Elementwise;

public static unsafe partial class Q8Binary
{
    static Row<T, TFn> Scalar<T, TFn>()
        where T : unmanaged
        where TFn : struct, IQ8Binary
        => new("Scalar", true, &RunScalar);

    static void RunScalar<T, TFn>(in TFn fn, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged
        where TFn : struct, IQ8Binary
    {
        if (y.IsEmpty)
        {
            return;
        }
        Binary.CheckLengths(a.Length, b.Length, y.Length);
        TFn f = fn;
        int stepA = a.Length == 1 ? 0 : 1;
        int stepB = b.Length == 1 ? 0 : 1;
        fixed (T* pa = a, pb = b, py = y)
        {
            // y may be a or b, but not the value that stands for all of them.
            for (int i = 0; i < y.Length; i++)
            {
                int value = f.Apply(Widen(pa + (i * stepA)), Widen(pb + (i * stepB)));
                ((byte*)py)[i] = (byte)value;
            }
        }
    }
}
