using System.Numerics;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>One elementwise function of one integer, declared once for every width.</summary>
public interface IIntegerUnary
{
    T Apply<T>(T x)
        where T : unmanaged, IBinaryInteger<T>;
}

/// <summary>The integer functions; results wrap.</summary>
public static class IntegerFn
{
    /// <summary>|x|; the most negative number stays as it is.</summary>
    public readonly struct Abs : IIntegerUnary
    {
        public T Apply<T>(T x)
            where T : unmanaged, IBinaryInteger<T>
            => T.IsNegative(x) ? T.Zero - x : x;
    }

    /// <summary>−x</summary>
    public readonly struct Neg : IIntegerUnary
    {
        public T Apply<T>(T x)
            where T : unmanaged, IBinaryInteger<T>
            => T.Zero - x;
    }

    /// <summary>x²</summary>
    public readonly struct Square : IIntegerUnary
    {
        public T Apply<T>(T x)
            where T : unmanaged, IBinaryInteger<T>
            => x * x;
    }

    /// <summary>−1, 0 or 1 by the sign of x.</summary>
    public readonly struct Sign : IIntegerUnary
    {
        public T Apply<T>(T x)
            where T : unmanaged, IBinaryInteger<T>
            => x == T.Zero ? T.Zero : T.IsNegative(x) ? T.Zero - T.One : T.One;
    }

    /// <summary>max(x, 0)</summary>
    public readonly struct Relu : IIntegerUnary
    {
        public T Apply<T>(T x)
            where T : unmanaged, IBinaryInteger<T>
            => T.IsNegative(x) ? T.Zero : x;
    }

    /// <summary>Every bit turned.</summary>
    public readonly struct BitwiseNot : IIntegerUnary
    {
        public T Apply<T>(T x)
            where T : unmanaged, IBinaryInteger<T>
            => ~x;
    }

    /// <summary>The number of set bits.</summary>
    public readonly struct PopulationCount : IIntegerUnary
    {
        public T Apply<T>(T x)
            where T : unmanaged, IBinaryInteger<T>
            => T.PopCount(x);
    }
}
