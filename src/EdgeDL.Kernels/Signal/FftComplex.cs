using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeDL.Kernels.Signal;

/// <summary>A complex number, real part first: the layout of every spectrum here.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FftComplex<T>(T re, T im) where T : unmanaged
{
    public T Re = re;
    public T Im = im;
}

/// <summary>Complex arithmetic over <see cref="IFftScalar{T}"/>.</summary>
static class FftComplexMath<TScalar, T>
    where TScalar : struct, IFftScalar<T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex<T> Add(FftComplex<T> a, FftComplex<T> b) =>
        new(TScalar.Add(a.Re, b.Re), TScalar.Add(a.Im, b.Im));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex<T> Subtract(FftComplex<T> a, FftComplex<T> b) =>
        new(TScalar.Subtract(a.Re, b.Re), TScalar.Subtract(a.Im, b.Im));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex<T> Multiply(FftComplex<T> a, FftComplex<T> b) =>
        new(
            TScalar.DifferenceOfProducts(a.Re, b.Re, a.Im, b.Im),
            TScalar.SumOfProducts(a.Re, b.Im, a.Im, b.Re));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FftComplex<T> Guard(FftComplex<T> a, int divisor) =>
        new(TScalar.Guard(a.Re, divisor), TScalar.Guard(a.Im, divisor));

    /// <summary>(cos 2πn/of, sin 2πn/of).</summary>
    public static FftComplex<T> Turn(double phase) =>
        new(TScalar.FromUnit(Math.Cos(phase)), TScalar.FromUnit(Math.Sin(phase)));
}
