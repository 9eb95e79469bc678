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
public static unsafe class Cast
{
    const int Block = 256;

    /// <summary>An element type, by its loops to and from the widest of its kind.</summary>
    public readonly struct Element
    {
        internal bool IsFloat { get; private init; }

        internal int Bytes { get; private init; }

        internal delegate*<byte*, double*, int, void> ToDouble { get; private init; }

        internal delegate*<byte*, long*, int, void> ToLong { get; private init; }

        internal delegate*<double*, byte*, int, void> FromDouble { get; private init; }

        internal delegate*<long*, byte*, int, void> FromLong { get; private init; }

        /// <summary>T is a number type, <see cref="BFloat16Bits"/> or <see cref="TruthByte"/>.
        /// </summary>
        public static Element Of<T>()
            where T : unmanaged
            => new()
            {
                IsFloat = typeof(T) == typeof(float) || typeof(T) == typeof(double)
                    || typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16Bits),
                Bytes = sizeof(T),
                ToDouble = &Widen<T, double>,
                ToLong = &Widen<T, long>,
                FromDouble = &Narrow<double, T>,
                FromLong = &Narrow<long, T>,
            };
    }

    /// <summary>Both hold <paramref name="count"/> elements; y may be x where their sizes agree.
    /// </summary>
    public static void Run(Element from, byte* x, Element to, byte* y, int count)
    {
        // Through the widest of their kind, block by block: 52 loops, not one for each of 169
        // pairs of types.
        double* doubles = stackalloc double[Block];
        for (int i = 0; i < count; i += Block)
        {
            int n = Math.Min(Block, count - i);
            byte* px = x + ((long)i * from.Bytes);
            byte* py = y + ((long)i * to.Bytes);
            if (from.IsFloat || to.IsFloat)
            {
                from.ToDouble(px, doubles, n);
                to.FromDouble(doubles, py, n);
            }
            else
            {
                long* longs = (long*)doubles;
                from.ToLong(px, longs, n);
                to.FromLong(longs, py, n);
            }
        }
    }

    /// <summary>The same for spans; y decides the length.</summary>
    public static void Run<TX, TY>(ReadOnlySpan<TX> x, Span<TY> y)
        where TX : unmanaged
        where TY : unmanaged
    {
        fixed (TX* px = x[..y.Length])
        fixed (TY* py = y)
        {
            Run(Element.Of<TX>(), (byte*)px, Element.Of<TY>(), (byte*)py, y.Length);
        }
    }

    static void Widen<T, TWide>(byte* x, TWide* wide, int count)
        where T : unmanaged
        where TWide : unmanaged, INumber<TWide>
    {
        for (int i = 0; i < count; i++)
        {
            wide[i] = Widen<T, TWide>(((T*)x)[i]);
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

    static void Narrow<TWide, T>(TWide* wide, byte* y, int count)
        where T : unmanaged
        where TWide : unmanaged, INumber<TWide>
    {
        for (int i = 0; i < count; i++)
        {
            ((T*)y)[i] = Narrow<TWide, T>(wide[i]);
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
