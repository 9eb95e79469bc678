using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>
/// One vector width, given to generic loops as a type argument: the loop and the operator are
/// written once, and the JIT (or AOT compiler) inlines the width away. Comparisons give a mask of
/// all ones or all zeros a lane.
/// </summary>
public unsafe interface ILanes<T, TV>
    where T : unmanaged
    where TV : unmanaged
{
    static abstract int Count { get; }
    static abstract TV Zero { get; }
    static abstract TV Load(T* source);
    static abstract void Store(TV value, T* target);
    static abstract TV Broadcast(T value);
    static abstract TV Add(TV a, TV b);
    static abstract TV Subtract(TV a, TV b);
    static abstract TV Multiply(TV a, TV b);
    static abstract TV Divide(TV a, TV b);
    static abstract TV Negate(TV a);
    static abstract TV Abs(TV a);
    /// <summary>max(a, b); where b is NaN the result is NaN, so bounds go first.</summary>
    static abstract TV Max(TV a, TV b);
    /// <summary>min(a, b); where b is NaN the result is NaN, so bounds go first.</summary>
    static abstract TV Min(TV a, TV b);
    static abstract TV And(TV a, TV b);
    static abstract TV Or(TV a, TV b);
    static abstract TV Xor(TV a, TV b);
    static abstract TV Not(TV a);
    static abstract TV Equal(TV a, TV b);
    static abstract TV Less(TV a, TV b);
    static abstract TV LessOrEqual(TV a, TV b);
    static abstract TV Select(TV mask, TV ifSet, TV ifClear);
}

/// <summary>What integers have beyond <see cref="ILanes{T,TV}"/>.</summary>
public interface IShiftLanes<T, TV> : ILanes<T, TV>
    where T : unmanaged
    where TV : unmanaged
{
    /// <summary>a · 2^−count, rounded down where T is signed.</summary>
    static abstract TV ShiftRight(TV a, int count);
}

/// <summary>What single-precision operators need beyond <see cref="ILanes{T,TV}"/>.</summary>
public interface IF32Lanes<TV> : ILanes<float, TV>
    where TV : unmanaged
{
    /// <summary>a·b + c, fused where the CPU can.</summary>
    static abstract TV MultiplyAdd(TV a, TV b, TV c);
    static abstract TV Sqrt(TV a);
    static abstract TV Floor(TV a);
    static abstract TV Ceiling(TV a);
    /// <summary>Nearest integer, halves to even.</summary>
    static abstract TV Round(TV a);
    /// <summary>2^n for integral n in [−126, 127].</summary>
    static abstract TV PowerOfTwo(TV n);
    static abstract TV Sin(TV a);
    static abstract TV Cos(TV a);
    static abstract TV Log(TV a);
}

/// <summary>
/// The last, partial vector of a row. It is padded, not overlapped with the one before it: y may be
/// x, and a value computed twice would then be computed from its own result.
/// </summary>
static unsafe class Tail
{
    /// <summary>The first n values of source (fewer than the lanes), then zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TV Load<T, TV, TL>(T* source, nint n)
        where T : unmanaged
        where TV : unmanaged
        where TL : struct, ILanes<T, TV>
    {
        TV padded = TL.Zero;
        Unsafe.CopyBlockUnaligned(&padded, source, (uint)(n * sizeof(T)));
        return padded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T, TV>(TV value, T* target, nint n)
        where T : unmanaged
        where TV : unmanaged
        => Unsafe.CopyBlockUnaligned(target, &value, (uint)(n * sizeof(T)));
}
