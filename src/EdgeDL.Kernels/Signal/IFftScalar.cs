using System.Runtime.CompilerServices;

namespace EdgeDL.Kernels.Signal;

/// <summary>
/// The real arithmetic under an FFT. Fixed-point numbers have one sign bit and else fraction
/// bits; a product is rounded half up once, after the two products of a complex component have
/// been summed at full width.
/// </summary>
public interface IFftScalar<T> where T : unmanaged
{
    /// <summary>value in [−1, 1], as T.</summary>
    static abstract T FromUnit(double value);

    static abstract T Add(T a, T b);

    static abstract T Subtract(T a, T b);

    /// <summary>a·b.</summary>
    static abstract T Multiply(T a, T b);

    /// <summary>a·b + c·d.</summary>
    static abstract T SumOfProducts(T a, T b, T c, T d);

    /// <summary>a·b − c·d.</summary>
    static abstract T DifferenceOfProducts(T a, T b, T c, T d);

    /// <summary>x / divisor where the type would overflow without it; else x.</summary>
    static abstract T Guard(T x, int divisor);

    /// <summary>(a + b) / 2 without overflow, halves down.</summary>
    static abstract T HalfSum(T a, T b);

    /// <summary>(a − b) / 2 without overflow, halves down.</summary>
    static abstract T HalfDifference(T a, T b);
}

/// <summary>Q15.</summary>
public readonly struct FftInt16 : IFftScalar<short>
{
    public static short FromUnit(double value) => (short)Math.Floor(0.5 + (short.MaxValue * value));

    public static short Add(short a, short b) => (short)(a + b);

    public static short Subtract(short a, short b) => (short)(a - b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static short Multiply(short a, short b) => Round(a * b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static short SumOfProducts(short a, short b, short c, short d) =>
        Round((a * b) + (c * d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static short DifferenceOfProducts(short a, short b, short c, short d) =>
        Round((a * b) - (c * d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static short Guard(short x, int divisor) => Round(x * (short.MaxValue / divisor));

    public static short HalfSum(short a, short b) => (short)((a + b) >> 1);

    public static short HalfDifference(short a, short b) => (short)((a - b) >> 1);

    static short Round(int product) => (short)((product + (1 << 14)) >> 15);
}

/// <summary>Q31.</summary>
public readonly struct FftInt32 : IFftScalar<int>
{
    public static int FromUnit(double value) => (int)Math.Floor(0.5 + (int.MaxValue * value));

    public static int Add(int a, int b) => a + b;

    public static int Subtract(int a, int b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Multiply(int a, int b) => Round((long)a * b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SumOfProducts(int a, int b, int c, int d) =>
        Round(((long)a * b) + ((long)c * d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int DifferenceOfProducts(int a, int b, int c, int d) =>
        Round(((long)a * b) - ((long)c * d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Guard(int x, int divisor) => Round((long)x * (int.MaxValue / divisor));

    public static int HalfSum(int a, int b) => (a + b) >> 1;

    public static int HalfDifference(int a, int b) => (a - b) >> 1;

    static int Round(long product) => (int)((product + (1L << 30)) >> 31);
}

/// <summary>fp32.</summary>
public readonly struct FftFloat32 : IFftScalar<float>
{
    public static float FromUnit(double value) => (float)value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float SumOfProducts(float a, float b, float c, float d) => (a * b) + (c * d);

    public static float DifferenceOfProducts(float a, float b, float c, float d) =>
        (a * b) - (c * d);

    public static float Guard(float x, int divisor) => x;

    public static float HalfSum(float a, float b) => (a + b) * 0.5f;

    public static float HalfDifference(float a, float b) => (a - b) * 0.5f;
}

/// <summary>fp64.</summary>
public readonly struct FftFloat64 : IFftScalar<double>
{
    public static double FromUnit(double value) => value;

    public static double Add(double a, double b) => a + b;

    public static double Subtract(double a, double b) => a - b;

    public static double Multiply(double a, double b) => a * b;

    public static double SumOfProducts(double a, double b, double c, double d) => (a * b) + (c * d);

    public static double DifferenceOfProducts(double a, double b, double c, double d) =>
        (a * b) - (c * d);

    public static double Guard(double x, int divisor) => x;

    public static double HalfSum(double a, double b) => (a + b) * 0.5;

    public static double HalfDifference(double a, double b) => (a - b) * 0.5;
}
