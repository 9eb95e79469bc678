namespace EdgeDL.Kernels.Recurrent;

/// <summary>
/// Logistic and tanh of 16-bit fixed-point numbers, to Q0.15, with the bits of gemmlowp's
/// fixed-point functions: e^x by a quartic and a table of squarings, 1/(1 + x) by three Newton
/// steps. The arithmetic of TensorFlow Lite's integer LSTM.
/// </summary>
public static class FixedGates
{
    const int OneQ0 = short.MaxValue;
    const int OneQ2 = 1 << 13;

    /// <summary>y = 1 / (1 + e^−x); x has 3 integer bits. y may be x.</summary>
    public static void Logistic(ReadOnlySpan<short> x, Span<short> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = Logistic(x[i]);
        }
    }

    /// <summary>y = tanh x; x has <paramref name="integerBits"/> integer bits, 0 to 6.</summary>
    public static void Tanh(ReadOnlySpan<short> x, int integerBits, Span<short> y)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = Tanh(x[i], integerBits);
        }
    }

    /// <summary>1 / (1 + e^−x), x with 3 integer bits.</summary>
    public static short Logistic(short x)
    {
        if (x == 0)
        {
            return 1 << 14;
        }

        int magnitude = (short)(x > 0 ? x : -x);
        int positive = OneOverOnePlus(ExpOfNegative((short)-magnitude, 3));
        return (short)(x > 0 ? positive : OneQ0 - positive);
    }

    /// <summary>tanh x.</summary>
    public static short Tanh(short x, int integerBits)
    {
        if (x == 0)
        {
            return 0;
        }

        short negative = (short)(x < 0 ? x : -x);
        int t = OneMinusOverOnePlus(ExpOfNegative(negative, integerBits + 1));
        return (short)(x < 0 ? -t : t);
    }

    // (1 − x) / (1 + x) for x in [0, 1].
    static int OneMinusOverOnePlus(int x) => LeftSaturating((short)(Reciprocal(x) - OneQ2), 2);

    // 1 / (1 + x) for x in [0, 1]: half of the reciprocal of the halved sum.
    static int OneOverOnePlus(int x) => LeftSaturating(Reciprocal(x), 1);

    // 2 / (1 + x) with 2 integer bits.
    static int Reciprocal(int x)
    {
        int half = (x + OneQ0 + 1) / 2;
        int guess = (short)(Constant(1515870810) + Multiply(half, Constant(-1010580540)));
        for (int i = 0; i < 3; i++)
        {
            int error = (short)(OneQ2 - Multiply(half, guess));
            guess = (short)(guess + LeftSaturating(Multiply(guess, error), 2));
        }

        return guess;
    }

    // e^x for x ≤ 0.
    static int ExpOfNegative(short x, int integerBits)
    {
        if (x == 0)
        {
            return OneQ0;
        }

        int fractionBits = 15 - integerBits;
        if (integerBits > 5 && x < -(1 << (fractionBits + 5)))
        {
            return 0;
        }

        // x = remainder·(−1) + a with a in [−¼, 0). With 14 integer bits there is no quarter.
        int quarter = 1 << (fractionBits - 2);
        int a = (x & (quarter - 1)) - quarter;
        int result = ExpOfQuarter(LeftSaturating(a, integerBits));
        int remainder = a - x;
        for (int exponent = -2; exponent < 5 && exponent < integerBits; exponent++)
        {
            if ((remainder & (1 << (fractionBits + exponent))) != 0)
            {
                result = Multiply(result, ExpOfPower(exponent));
            }
        }

        return result;
    }

    // e^x for x in [−¼, 0), around −⅛.
    static int ExpOfQuarter(int x)
    {
        int center = Constant(1895147668);
        int t = (short)(x + (1 << 12));
        int t2 = Multiply(t, t);
        int t3 = Multiply(t2, t);
        int t4 = Multiply(t2, t2);
        int quartic = Multiply((short)(RightRounding(t4, 2) + t3), Constant(715827883));
        int tail = RightRounding((short)(quartic + t2), 1);
        return Saturate(center + Multiply(center, (short)(t + tail)));
    }

    // e^−2^exponent.
    static int ExpOfPower(int exponent) => exponent switch
    {
        -2 => Constant(1672461947),
        -1 => Constant(1302514674),
        0 => Constant(790015084),
        1 => Constant(290630308),
        2 => Constant(39332535),
        3 => Constant(720401),
        _ => Constant(242),
    };

    // The constants are gemmlowp's 32-bit ones, rounded to 16.
    static int Constant(int q31) => (int)(((long)q31 + (1 << 15)) >> 16);

    // round(a·b / 2¹⁵), halves up; −2¹⁵ · −2¹⁵ saturates.
    static int Multiply(int a, int b) => Math.Min(((a * b) + (1 << 14)) >> 15, short.MaxValue);

    static int RightRounding(int x, int exponent)
    {
        int mask = (1 << exponent) - 1;
        int threshold = (mask >> 1) + (x < 0 ? 1 : 0);
        return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
    }

    static int LeftSaturating(int x, int exponent) => Saturate(x << exponent);

    static int Saturate(int x) => Math.Clamp(x, short.MinValue, short.MaxValue);
}
