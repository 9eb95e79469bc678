using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>
/// One elementwise function of one number, declared once. <see cref="Apply(float)"/> is the
/// meaning: int8 tables are computed from it and the vector form answers to it.
/// </summary>
public interface IUnary
{
    float Apply(float x);

    TV Apply<TV, TL>(TV x)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>;
}

/// <summary>
/// y[i] = fn(x[i]). y has x's length and may be x. A value's bits do not depend on its position,
/// so a split over threads changes nothing.
/// </summary>
public static unsafe partial class UnaryF32
{
    /// <summary>One implementation for one instruction set.</summary>
    public readonly struct Row<TFn>(
        string name,
        bool isSupported,
        delegate*<in TFn, ReadOnlySpan<float>, Span<float>, void> run)
        where TFn : struct, IUnary
    {
        public string Name => name;
        public bool IsSupported => isSupported;
        public void Run(in TFn fn, ReadOnlySpan<float> x, Span<float> y) => run(fn, x, y);
        public override string ToString() => name;
    }

    /// <summary>All rows, fastest first.</summary>
    public static Row<TFn>[] Rows<TFn>()
        where TFn : struct, IUnary
        => [Avx2<TFn>(), Vec128<TFn>(), Scalar<TFn>()];

    /// <summary>The first row that this CPU runs.</summary>
    public static Row<TFn> Best<TFn>()
        where TFn : struct, IUnary
        => RunsAvx2 ? Avx2<TFn>()
            : RunsVec128 ? Vec128<TFn>()
            : Scalar<TFn>();

    static void RunLanes<TV, TL, TFn>(in TFn fn, ReadOnlySpan<float> x, Span<float> y)
        where TV : unmanaged
        where TL : struct, IF32Lanes<TV>
        where TFn : struct, IUnary
    {
        int n = y.Length;
        TFn f = fn;
        fixed (float* px = x[..n], py = y)
        {
            int i = 0;
            for (; i <= n - TL.Count; i += TL.Count)
            {
                TL.Store(f.Apply<TV, TL>(TL.Load(px + i)), py + i);
            }
            if (i < n)
            {
                TV tail = Tail.Load<float, TV, TL>(px + i, n - i);
                Tail.Store(f.Apply<TV, TL>(tail), py + i, n - i);
            }
        }
    }
}
