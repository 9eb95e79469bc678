using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Elementwise;

/// <summary>The upper half of a float: eight bits of exponent, seven of fraction.</summary>
public readonly record struct BFloat16Bits(ushort Bits)
{
    public float Value => BitConverter.Int32BitsToSingle(Bits << 16);

    /// <summary>The nearest, halves to even; NaN stays one.</summary>
    public static BFloat16Bits Of(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
        return new((ushort)(float.IsNaN(value) ? (bits >> 16) | 0x40 : rounded));
    }
}

/// <summary>A truth value: 0, or anything else for true.</summary>
public readonly record struct TruthByte(byte Value);

/// <summary>
/// y[i] = x[i] in another element type. Floats become integers by dropping the fraction, with the
/// nearest end for what is out of range and 0 for NaN; integers become narrower ones by dropping
/// high bits; anything but zero is true.
/// </summary>
public static class Cast
{
    const int Block = 256;

    public static void Run<TX, TY>(ReadOnlySpan<TX> x, Span<TY> y)
        where TX : unmanaged
        where TY : unmanaged
    {
        x = x[..y.Length];
        // Through the widest of their kind, block by block: 26 loops instead of 169.
        if (IsFloat<TX>() || IsFloat<TY>())
        {
            Through<TX, TY, double>(x, y);
        }
        else
        {
            Through<TX, TY, long>(x, y);
        }
    }

    static void Through<TX, TY, TWide>(ReadOnlySpan<TX> x, Span<TY> y)
        where TX : unmanaged
        where TY : unmanaged
        where TWide : unmanaged, INumber<TWide>
    {
        Span<TWide> wide = stackalloc TWide[Block];
        for (int i = 0; i < x.Length; i += Block)
        {
            int n = Math.Min(Block, x.Length - i);
            Widen(x.Slice(i, n), wide);
            Narrow(wide[..n], y.Slice(i, n));
        }
    }

    static bool IsFloat<T>()
        => typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half)
            || typeof(T) == typeof(BFloat16Bits);

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Widen<T, TWide>(ReadOnlySpan<T> x, Span<TWide> wide)
        where T : unmanaged
        where TWide : unmanaged, INumber<TWide>
    {
        for (int i = 0; i < x.Length; i++)
        {
            wide[i] = Widen<T, TWide>(x[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TWide Widen<T, TWide>(T x)
        where T : unmanaged
        where TWide : unmanaged, INumber<TWide>
    {
        if (typeof(T) == typeof(BFloat16Bits))
        {
            return TWide.CreateTruncating(Unsafe.BitCast<T, BFloat16Bits>(x).Value);
        }
        if (typeof(T) == typeof(TruthByte))
        {
            return Unsafe.BitCast<T, byte>(x) != 0 ? TWide.One : TWide.Zero;
        }
        return typeof(T) == typeof(float) ? From<float>(x)
            : typeof(T) == typeof(double) ? From<double>(x)
            : typeof(T) == typeof(Half) ? From<Half>(x)
            : typeof(T) == typeof(sbyte) ? From<sbyte>(x)
            : typeof(T) == typeof(byte) ? From<byte>(x)
            : typeof(T) == typeof(short) ? From<short>(x)
            : typeof(T) == typeof(ushort) ? From<ushort>(x)
            : typeof(T) == typeof(int) ? From<int>(x)
            : typeof(T) == typeof(uint) ? From<uint>(x)
            : typeof(T) == typeof(long) ? From<long>(x)
            : From<ulong>(x);

        static TWide From<TExact>(T value)
            where TExact : unmanaged, INumber<TExact>
            => TWide.CreateTruncating(Unsafe.BitCast<T, TExact>(value));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Narrow<TWide, T>(ReadOnlySpan<TWide> wide, Span<T> y)
        where T : unmanaged
        where TWide : unmanaged, INumber<TWide>
    {
        for (int i = 0; i < wide.Length; i++)
        {
            y[i] = Narrow<TWide, T>(wide[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T Narrow<TWide, T>(TWide x)
        where T : unmanaged
        where TWide : unmanaged, INumber<TWide>
    {
        if (typeof(T) == typeof(BFloat16Bits))
        {
            return Unsafe.BitCast<BFloat16Bits, T>(BFloat16Bits.Of(float.CreateTruncating(x)));
        }
        if (typeof(T) == typeof(TruthByte))
        {
            byte truth = x == TWide.Zero ? (byte)0 : (byte)1;
            return Unsafe.BitCast<byte, T>(truth);
        }
        return typeof(T) == typeof(float) ? To<float>(x)
            : typeof(T) == typeof(double) ? To<double>(x)
            : typeof(T) == typeof(Half) ? To<Half>(x)
            : typeof(T) == typeof(sbyte) ? To<sbyte>(x)
            : typeof(T) == typeof(byte) ? To<byte>(x)
            : typeof(T) == typeof(short) ? To<short>(x)
            : typeof(T) == typeof(ushort) ? To<ushort>(x)
            : typeof(T) == typeof(int) ? To<int>(x)
            : typeof(T) == typeof(uint) ? To<uint>(x)
            : typeof(T) == typeof(long) ? To<long>(x)
            : To<ulong>(x);

        // A double saturates to an integer, a long drops its high bits.
        static T To<TExact>(TWide value)
            where TExact : unmanaged, INumber<TExact>
            => Unsafe.BitCast<TExact, T>(typeof(TWide) == typeof(double)
                ? TExact.CreateSaturating(value)
                : TExact.CreateTruncating(value));
    }
}
