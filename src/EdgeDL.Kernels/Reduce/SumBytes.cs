using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Reduce;

/// <summary>
/// Σ x of 8-bit integers in int32, exact while fewer than 2²³ numbers are summed.
/// </summary>
public static unsafe class SumBytes
{
    public static KernelRow<Reduction.Function<sbyte, int>>[] RowsS8() =>
    [
        new("vec128", Vector128.IsHardwareAccelerated, Vec128<sbyte, SignedLanes>),
        new("scalar", true, Reduction.Scalar<sbyte, int, WideSumOf<sbyte, int>>),
    ];

    public static KernelRow<Reduction.Function<byte, int>>[] RowsU8() =>
    [
        new("vec128", Vector128.IsHardwareAccelerated, Vec128<byte, UnsignedLanes>),
        new("scalar", true, Reduction.Scalar<byte, int, WideSumOf<byte, int>>),
    ];

    interface IWiden<T>
    {
        static abstract int Widen(T x);

        static abstract (Vector128<short> Lower, Vector128<short> Upper) Widen(Vector128<T> x);
    }

    readonly struct SignedLanes : IWiden<sbyte>
    {
        public static int Widen(sbyte x) => x;

        public static (Vector128<short> Lower, Vector128<short> Upper) Widen(
            Vector128<sbyte> x) => Vector128.Widen(x);
    }

    readonly struct UnsignedLanes : IWiden<byte>
    {
        public static int Widen(byte x) => x;

        public static (Vector128<short> Lower, Vector128<short> Upper) Widen(Vector128<byte> x)
        {
            (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(x);
            return (lower.AsInt16(), upper.AsInt16());
        }
    }

    static void Vec128<T, TLanes>(
        ReducePlan plan, ReadOnlySpan<T> x, Span<int> y, int begin, int end)
        where T : unmanaged
        where TLanes : struct, IWiden<T>
    {
        plan.Check(x.Length, y.Length, begin, end);
        fixed (T* input = x)
        fixed (int* output = y)
        {
            for (int kept = begin; kept < end; kept++)
            {
                T* start = input + plan.KeptOffset(kept);
                int* target = output + (nint)kept * plan.OutputRun;
                new Span<int>(target, plan.OutputRun).Clear();
                for (int group = 0; group < plan.Groups; group++)
                {
                    T* row = start + plan.GroupOffset(group);
                    if (plan.RunIsReduced)
                    {
                        *target += RunToOne<T, TLanes>(row, plan.Run);
                    }
                    else
                    {
                        RunIntoRow<T, TLanes>(target, row, plan.Run);
                    }
                }
            }
        }
    }

    static int RunToOne<T, TLanes>(T* x, int length)
        where T : unmanaged
        where TLanes : struct, IWiden<T>
    {
        Vector128<int> sum = default;
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            // |lower + upper| ≤ 2 · 255 fits int16.
            (Vector128<short> lower, Vector128<short> upper) = TLanes.Widen(Vector128.Load(x + i));
            Vector128<short> pair = lower + upper;
            sum += Vector128.WidenLower(pair) + Vector128.WidenUpper(pair);
        }
        int total = Vector128.Sum(sum);
        for (; i < length; i++)
        {
            total += TLanes.Widen(x[i]);
        }
        return total;
    }

    static void RunIntoRow<T, TLanes>(int* acc, T* x, int length)
        where T : unmanaged
        where TLanes : struct, IWiden<T>
    {
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            (Vector128<short> lower, Vector128<short> upper) = TLanes.Widen(Vector128.Load(x + i));
            (Vector128.Load(acc + i) + Vector128.WidenLower(lower)).Store(acc + i);
            (Vector128.Load(acc + i + 4) + Vector128.WidenUpper(lower)).Store(acc + i + 4);
            (Vector128.Load(acc + i + 8) + Vector128.WidenLower(upper)).Store(acc + i + 8);
            (Vector128.Load(acc + i + 12) + Vector128.WidenUpper(upper)).Store(acc + i + 12);
        }
        for (; i < length; i++)
        {
            acc[i] += TLanes.Widen(x[i]);
        }
    }
}
