namespace EdgeDL.Kernels.Elementwise;

/// <summary>
/// A function of one or two integers, in 64 bits, called once an element: integers of other widths
/// are widened to it and narrowed after it. One small class a function, where a loop for each
/// function and width would be a hundred.
/// </summary>
public abstract class WideFunction
{
    public abstract long Apply(long a, long b);

    /// <summary>y[i] = fn(a[i], b[i]); each step is 1, or 0 for one value that stands for all.
    /// </summary>
    public unsafe void Run(long* a, int stepA, long* b, int stepB, long* y, int count)
    {
        for (int i = 0; i < count; i++)
        {
            y[i] = Apply(a[i * stepA], b[i * stepB]);
        }
    }
}

/// <summary>A function of signed numbers, or of unsigned ones below 64 bits.</summary>
public sealed class Wide<TFn>(TFn fn) : WideFunction
    where TFn : struct, IBinary<long>
{
    public override long Apply(long a, long b) => fn.Apply(a, b);
}

/// <summary>A function of unsigned 64-bit numbers.</summary>
public sealed class WideUnsigned<TFn>(TFn fn) : WideFunction
    where TFn : struct, IBinary<ulong>
{
    public override long Apply(long a, long b) => (long)fn.Apply((ulong)a, (ulong)b);
}

/// <summary>A comparison of signed numbers, or of unsigned ones below 64 bits.</summary>
public sealed class WideCompare<TFn>(TFn fn) : WideFunction
    where TFn : struct, ICompare<long>
{
    public override long Apply(long a, long b) => fn.Apply(a, b) ? 1 : 0;
}

/// <summary>A comparison of unsigned 64-bit numbers.</summary>
public sealed class WideUnsignedCompare<TFn>(TFn fn) : WideFunction
    where TFn : struct, ICompare<ulong>
{
    public override long Apply(long a, long b) => fn.Apply((ulong)a, (ulong)b) ? 1 : 0;
}

/// <summary>A function of one signed number, or of an unsigned one below 64 bits.</summary>
public sealed class WideUnary<TFn> : WideFunction
    where TFn : struct, IIntegerUnary
{
    public override long Apply(long a, long b) => default(TFn).Apply(a);
}

/// <summary>A function of one unsigned 64-bit number.</summary>
public sealed class WideUnsignedUnary<TFn> : WideFunction
    where TFn : struct, IIntegerUnary
{
    public override long Apply(long a, long b) => (long)default(TFn).Apply((ulong)a);
}
