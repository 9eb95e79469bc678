namespace EdgeDL.Kernels.Elementwise;

/// <summary>Double-precision functions that <see cref="Math"/> does not have.</summary>
public static class ScalarMath
{
    /// <summary>1 / (1 + e^−x), from e^−|x| so that neither side overflows.</summary>
    public static double Logistic(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /// <summary>e^x − 1 without cancellation: 2·sinh(x/2)·e^(x/2) near zero.</summary>
    public static double ExpM1(double x)
        => Math.Abs(x) < 1 ? 2 * Math.Sinh(x / 2) * Math.Exp(x / 2) : Math.Exp(x) - 1;

    /// <summary>ln(1 + e^x) = max(x, 0) + ln(1 + e^−|x|).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    /// <summary>ln(1 + x) without cancellation near zero.</summary>
    public static double Log1p(double x)
    {
        double u = 1 + x;
        // ln(u)·x/(u − 1) undoes the rounding of 1 + x (Kahan, 1986).
        return u == 1 || double.IsInfinity(u) ? x : Math.Log(u) * x / (u - 1);
    }

    /// <summary>erf x = 2/√π ∫₀ˣ e^−t² dt.</summary>
    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        double value = a < 2.5 ? Series(a) : 1 - Fraction(a);
        return Math.CopySign(double.IsNaN(x) ? x : value, x);
    }

    /// <summary>erfc x = 1 − erf x, keeping its relative precision for large x.</summary>
    public static double Erfc(double x)
    {
        double a = Math.Abs(x);
        double upper = a < 2.5 ? 1 - Series(a) : Fraction(a);
        return double.IsNaN(x) ? x : x < 0 ? 2 - upper : upper;
    }

    // erf a = 2/√π · e^−a² · Σ 2ⁿ a²ⁿ⁺¹ / (2n+1)!!; every term is positive, nothing cancels.
    static double Series(double a)
    {
        double term = a;
        double sum = a;
        for (int n = 1; term > sum * 1e-17; n++)
        {
            term *= 2 * a * a / ((2 * n) + 1);
            sum += term;
        }
        return 1.1283791670955126 * Math.Exp(-a * a) * sum;
    }

    // erfc a = e^−a²/√π / (a + (1/2)/(a + (2/2)/(a + (3/2)/(a + …)))), from the inside out.
    static double Fraction(double a)
    {
        double tail = a;
        for (int n = 60; n > 0; n--)
        {
            tail = a + (n * 0.5 / tail);
        }
        return 0.5641895835477563 * Math.Exp(-a * a) / tail;
    }
}
