namespace EdgeDL.Kernels.Elementwise;

/// <summary>One elementwise function of two numbers, declared once.</summary>
public interface IBinary<T>
    where T : unmanaged
{
    T Apply(T a, T b);
}

/// <summary>A binary function with a vector form that answers to the scalar one.</summary>
public interface ILaneBinary<T> : IBinary<T>
    where T : unmanaged
{
    TV Apply<TV, TL>(TV a, TV b)
        where TV : unmanaged
        where TL : struct, ILanes<T, TV>;
}

/// <summary>
/// y[i] = fn(a[i], b[i]). Each of a and b has y's length or length 1, which stands for every i;
/// y may be either of them when their length is y's. A value's bits do not depend on its position.
/// </summary>
public static unsafe partial class Binary
{
    /// <summary>One implementation for one instruction set.</summary>
    public readonly struct Row<T, TFn>(
        string name,
        bool isSupported,
        delegate*<in TFn, ReadOnlySpan<T>, ReadOnlySpan<T>, Span<T>, void> run)
        where T : unmanaged
        where TFn : struct, IBinary<T>
    {
        public string Name => name;
        public bool IsSupported => isSupported;
        public void Run(in TFn fn, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            => run(fn, a, b, y);
        public override string ToString() => name;
    }

    /// <summary>All rows of a function that has a vector form, fastest first.</summary>
    public static Row<T, TFn>[] LaneRows<T, TFn>()
        where T : unmanaged
        where TFn : struct, ILaneBinary<T>
        => [Avx2<T, TFn>(), Vec128<T, TFn>(), Scalar<T, TFn>()];

    /// <summary>The first vector row that this CPU runs, or the scalar one.</summary>
    public static Row<T, TFn> BestLanes<T, TFn>()
        where T : unmanaged
        where TFn : struct, ILaneBinary<T>
        => RunsAvx2 ? Avx2<T, TFn>()
            : RunsVec128 ? Vec128<T, TFn>()
            : Scalar<T, TFn>();

    static void RunLanes<T, TV, TL, TFn>(
        in TFn fn, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged
        where TV : unmanaged
        where TL : struct, ILanes<T, TV>
        where TFn : struct, ILaneBinary<T>
    {
        int n = y.Length;
        if (n == 0)
        {
            return;
        }
        CheckLengths(a.Length, b.Length, n);
        TFn f = fn;
        fixed (T* pa = a, pb = b, py = y)
        {
            if (n > 1 && a.Length == 1)
            {
                RunScalarVector<T, TV, TL, TFn>(f, TL.Broadcast(*pa), pb, py, n);
            }
            else if (n > 1 && b.Length == 1)
            {
                RunVectorScalar<T, TV, TL, TFn>(f, pa, TL.Broadcast(*pb), py, n);
            }
            else
            {
                RunVectorVector<T, TV, TL, TFn>(f, pa, pb, py, n);
            }
        }
    }

    internal static void CheckLengths(int a, int b, int y)
    {
        if ((a != y && a != 1) || (b != y && b != 1))
        {
            throw new ArgumentException(
                $"operands of {a} and {b} values do not make {y}: each must have that many, or 1");
        }
    }

    static void RunVectorVector<T, TV, TL, TFn>(
        TFn f, T* pa, T* pb, T* py, int n)
        where T : unmanaged
        where TV : unmanaged
        where TL : struct, ILanes<T, TV>
        where TFn : struct, ILaneBinary<T>
    {
        int i = 0;
        for (; i <= n - TL.Count; i += TL.Count)
        {
            TL.Store(f.Apply<TV, TL>(TL.Load(pa + i), TL.Load(pb + i)), py + i);
        }
        if (i < n)
        {
            TV ta = Tail.Load<T, TV, TL>(pa + i, n - i);
            TV tb = Tail.Load<T, TV, TL>(pb + i, n - i);
            Tail.Store(f.Apply<TV, TL>(ta, tb), py + i, n - i);
        }
    }

    static void RunVectorScalar<T, TV, TL, TFn>(TFn f, T* pa, TV b, T* py, int n)
        where T : unmanaged
        where TV : unmanaged
        where TL : struct, ILanes<T, TV>
        where TFn : struct, ILaneBinary<T>
    {
        int i = 0;
        for (; i <= n - TL.Count; i += TL.Count)
        {
            TL.Store(f.Apply<TV, TL>(TL.Load(pa + i), b), py + i);
        }
        if (i < n)
        {
            TV ta = Tail.Load<T, TV, TL>(pa + i, n - i);
            Tail.Store(f.Apply<TV, TL>(ta, b), py + i, n - i);
        }
    }

    static void RunScalarVector<T, TV, TL, TFn>(TFn f, TV a, T* pb, T* py, int n)
        where T : unmanaged
        where TV : unmanaged
        where TL : struct, ILanes<T, TV>
        where TFn : struct, ILaneBinary<T>
    {
        int i = 0;
        for (; i <= n - TL.Count; i += TL.Count)
        {
            TL.Store(f.Apply<TV, TL>(a, TL.Load(pb + i)), py + i);
        }
        if (i < n)
        {
            TV tb = Tail.Load<T, TV, TL>(pb + i, n - i);
            Tail.Store(f.Apply<TV, TL>(a, tb), py + i, n - i);
        }
    }
}
