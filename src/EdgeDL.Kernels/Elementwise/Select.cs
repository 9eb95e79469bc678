namespace EdgeDL.Kernels.Elementwise;

/// <summary>
/// y[i] = condition[i] ≠ 0 ? a[i] : b[i]. Each operand has y's length or length 1, which stands for
/// every i. T is any type of the elements' size: values are only moved.
/// </summary>
public static class Select
{
    public static void Run<T>(
        ReadOnlySpan<byte> condition, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged
    {
        int stepC = condition.Length == 1 ? 0 : 1;
        int stepA = a.Length == 1 ? 0 : 1;
        int stepB = b.Length == 1 ? 0 : 1;
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = condition[i * stepC] != 0 ? a[i * stepA] : b[i * stepB];
        }
    }
}
