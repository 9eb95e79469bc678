namespace EdgeDL.Kernels.Elementwise;

/// <summary>A function of two 8-bit values in 32-bit arithmetic; the result fits 8 bits.</summary>
public interface IQ8Binary
{
    int Apply(int a, int b);

    TI Apply<TI, TF, TL>(TI a, TI b)
        where TI : unmanaged
        where TF : unmanaged
        where TL : struct, IQ8Lanes<TI, TF>;
}

/// <summary>
/// y[i] = fn(a[i], b[i]) for int8 (T = sbyte) or uint8 (T = byte). Each of a and b has y's length
/// or length 1, which stands for every i. Every row gives the same bits.
/// </summary>
public static unsafe partial class Q8Binary
{
    /// <summary>One implementation for one instruction set.</summary>
    public readonly struct Row<T, TFn>(
        string name,
        bool isSupported,
        delegate*<in TFn, ReadOnlySpan<T>, ReadOnlySpan<T>, Span<T>, void> run)
        where T : unmanaged
        where TFn : struct, IQ8Binary
    {
        public string Name => name;
        public bool IsSupported => isSupported;
        public void Run(in TFn fn, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            => run(fn, a, b, y);
        public override string ToString() => name;
    }

    /// <summary>All rows, fastest first.</summary>
    public static Row<T, TFn>[] Rows<T, TFn>()
        where T : unmanaged
        where TFn : struct, IQ8Binary
        => [Avx2<T, TFn>(), Vec128<T, TFn>(), Scalar<T, TFn>()];

    /// <summary>The first row that this CPU runs.</summary>
    public static Row<T, TFn> Best<T, TFn>()
        where T : unmanaged
        where TFn : struct, IQ8Binary
        => RunsAvx2 ? Avx2<T, TFn>()
            : RunsVec128 ? Vec128<T, TFn>()
            : Scalar<T, TFn>();

    static void RunLanes<T, TI, TF, TL, TFn>(
        in TFn fn, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged
        where TI : unmanaged
        where TF : unmanaged
        where TL : struct, IQ8Lanes<TI, TF>
        where TFn : struct, IQ8Binary
    {
        int n = y.Length;
        int whole = n - (n % TL.Count);
        if (whole == 0)
        {
            RunScalar(fn, a, b, y);
            return;
        }
        Binary.CheckLengths(a.Length, b.Length, n);
        TFn f = fn;
        fixed (T* pa = a, pb = b, py = y)
        {
            if (a.Length == 1)
            {
                TI a0 = TL.Broadcast(Widen(pa));
                for (int i = 0; i < whole; i += TL.Count)
                {
                    TL.Store(f.Apply<TI, TF, TL>(a0, TL.Load(pb + i)), py + i);
                }
            }
            else if (b.Length == 1)
            {
                TI b0 = TL.Broadcast(Widen(pb));
                for (int i = 0; i < whole; i += TL.Count)
                {
                    TL.Store(f.Apply<TI, TF, TL>(TL.Load(pa + i), b0), py + i);
                }
            }
            else
            {
                for (int i = 0; i < whole; i += TL.Count)
                {
                    TL.Store(f.Apply<TI, TF, TL>(TL.Load(pa + i), TL.Load(pb + i)), py + i);
                }
            }
        }
        RunScalar(
            fn,
            a.Length == 1 ? a : a[whole..],
            b.Length == 1 ? b : b[whole..],
            y[whole..]);
    }

    static int Widen<T>(T* value)
        where T : unmanaged
        => typeof(T) == typeof(sbyte) ? *(sbyte*)value : *(byte*)value;
}
