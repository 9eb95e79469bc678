using System.Numerics;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>One question about two numbers, declared once.</summary>
public interface ICompare<T>
    where T : unmanaged
{
    bool Apply(T a, T b);
}

/// <summary>
/// y[i] = 1 where fn(a[i], b[i]), else 0. Each of a and b has y's length or length 1, which stands
/// for every i.
/// </summary>
public static class Compare
{
    public static void Run<T, TFn>(in TFn fn, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<byte> y)
        where T : unmanaged
        where TFn : struct, ICompare<T>
    {
        if (y.IsEmpty)
        {
            return;
        }
        TFn f = fn;
        if (a.Length == 1)
        {
            T a0 = a[0];
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = f.Apply(a0, b[b.Length == 1 ? 0 : i]) ? (byte)1 : (byte)0;
            }
        }
        else if (b.Length == 1)
        {
            T b0 = b[0];
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = f.Apply(a[i], b0) ? (byte)1 : (byte)0;
            }
        }
        else
        {
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = f.Apply(a[i], b[i]) ? (byte)1 : (byte)0;
            }
        }
    }
}

/// <summary>The six comparisons. NaN is unequal to everything, itself included.</summary>
public static class CompareFn
{
    public readonly struct Equal<T> : ICompare<T>
        where T : unmanaged, INumber<T>
    {
        public bool Apply(T a, T b) => a == b;
    }

    public readonly struct NotEqual<T> : ICompare<T>
        where T : unmanaged, INumber<T>
    {
        public bool Apply(T a, T b) => a != b;
    }

    public readonly struct Less<T> : ICompare<T>
        where T : unmanaged, INumber<T>
    {
        public bool Apply(T a, T b) => a < b;
    }

    public readonly struct LessEqual<T> : ICompare<T>
        where T : unmanaged, INumber<T>
    {
        public bool Apply(T a, T b) => a <= b;
    }

    public readonly struct Greater<T> : ICompare<T>
        where T : unmanaged, INumber<T>
    {
        public bool Apply(T a, T b) => a > b;
    }

    public readonly struct GreaterEqual<T> : ICompare<T>
        where T : unmanaged, INumber<T>
    {
        public bool Apply(T a, T b) => a >= b;
    }
}
