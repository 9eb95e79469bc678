using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Softmax;

/// <summary>
/// exp(x) for x ≤ 0, within 2 ULP: x = n·ln 2 + r with |r| ≤ ln 2 / 2, a degree-6 polynomial for
/// exp(r) (Taylor terms, nudged towards minimax by the reduction's symmetry), and 2ⁿ by adding n to
/// the exponent. Results below the smallest normal number are 0; NaN stays NaN.
/// </summary>
static class ExpNonPositive
{
    const float Log2E = 1.44269504f;

    // ln 2 in two parts; n · Ln2High is exact for |n| < 2⁹.
    const float Ln2High = 0.693359375f;
    const float Ln2Low = -2.12194440e-4f;

    // exp(x) is a normal number down to here.
    const float Smallest = -87.3365f;

    public static float Apply(float x)
    {
        if (x < Smallest)
        {
            return 0;
        }
        float n = MathF.Round(x * Log2E);
        float r = x - n * Ln2High;
        r -= n * Ln2Low;
        float p = 1.3888889e-3f;
        p = p * r + 8.3333333e-3f;
        p = p * r + 4.1666667e-2f;
        p = p * r + 1.6666667e-1f;
        p = p * r + 0.5f;
        p = p * r + 1f;
        p = p * r + 1f;
        // NaN converts to an arbitrary n; p is NaN then, and the product keeps it.
        return p * BitConverter.Int32BitsToSingle((Exponent(n) + 127) << 23);
    }

    public static Vector128<float> Apply(Vector128<float> x)
    {
        Vector128<float> tooSmall = Vector128.LessThan(x, Vector128.Create(Smallest));
        Vector128<float> n = Vector128.Round(x * Log2E);
        Vector128<float> r = x - n * Ln2High;
        r -= n * Ln2Low;
        Vector128<float> p = Vector128.Create(1.3888889e-3f);
        p = p * r + Vector128.Create(8.3333333e-3f);
        p = p * r + Vector128.Create(4.1666667e-2f);
        p = p * r + Vector128.Create(1.6666667e-1f);
        p = p * r + Vector128.Create(0.5f);
        p = p * r + Vector128<float>.One;
        p = p * r + Vector128<float>.One;
        Vector128<int> exponent = Vector128.ConvertToInt32(n) + Vector128.Create(127);
        Vector128<float> power = Vector128.ShiftLeft(exponent, 23).AsSingle();
        return Vector128.AndNot(p * power, tooSmall);
    }

    static int Exponent(float n) => float.IsNaN(n) ? 0 : (int)n;
}
