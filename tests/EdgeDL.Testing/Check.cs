using System.Numerics;

namespace EdgeDL.Testing;

/// <summary>Comparisons that say where, what was found and how far off it is.</summary>
public static class Check
{
    /// <summary>Equal, element for element (bits for integers; NaN equals NaN).</summary>
    public static void Same<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
        where T : unmanaged, IEquatable<T>
    {
        SameLength(expected.Length, actual.Length, what);
        int first = -1;
        int wrong = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (!expected[i].Equals(actual[i]))
            {
                first = first < 0 ? i : first;
                wrong++;
            }
        }

        if (wrong > 0)
        {
            throw new CheckFailedException(
                $"{what}: [{first}] is {actual[first]}, expected {expected[first]}; "
                + $"{wrong} of {expected.Length} differ");
        }
    }

    /// <summary>|actual − expected| ≤ steps for every element of an integer output.</summary>
    public static void WithinSteps<T>(
        ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, int steps, string what)
        where T : unmanaged, IBinaryInteger<T>
    {
        SameLength(expected.Length, actual.Length, what);
        long worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            long off = Math.Abs(long.CreateChecked(actual[i]) - long.CreateChecked(expected[i]));
            if (off > worst)
            {
                worst = off;
                at = i;
            }
        }

        if (worst > steps)
        {
            throw new CheckFailedException(
                $"{what}: [{at}] is {actual[at]}, expected {expected[at]} ± {steps}");
        }
    }

    /// <summary>
    /// |actual − expected| ≤ relative·|expected| + absolute. NaN matches NaN, ∞ matches itself.
    /// </summary>
    public static void Near(
        ReadOnlySpan<float> expected,
        ReadOnlySpan<float> actual,
        double relative,
        double absolute,
        string what)
    {
        var wide = new double[expected.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = expected[i];
        }

        Near(wide, actual, relative, absolute, what);
    }

    /// <inheritdoc cref="Near(ReadOnlySpan{float},ReadOnlySpan{float},double,double,string)"/>
    public static void Near(
        ReadOnlySpan<double> expected,
        ReadOnlySpan<float> actual,
        double relative,
        double absolute,
        string what)
    {
        SameLength(expected.Length, actual.Length, what);
        double worst = 0;
        int at = -1;
        for (int i = 0; i < expected.Length; i++)
        {
            double excess = Excess(expected[i], actual[i], relative, absolute);
            if (excess > worst)
            {
                worst = excess;
                at = i;
            }
        }

        if (at >= 0)
        {
            double off = Math.Abs(actual[at] - expected[at]);
            throw new CheckFailedException(
                $"{what}: [{at}] is {actual[at]:G9}, expected {expected[at]:G17}; off by {off:G3}"
                + $" ({off / Math.Abs(expected[at]):G3} relative), "
                + $"allowed {relative:G3} relative + {absolute:G3}");
        }
    }

    /// <summary>At most this many floats lie between the two values.</summary>
    public static void Ulp(
        ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, int ulps, string what)
    {
        SameLength(expected.Length, actual.Length, what);
        for (int i = 0; i < expected.Length; i++)
        {
            bool nan = float.IsNaN(expected[i]) || float.IsNaN(actual[i]);
            long apart = Math.Abs(Ordinal(expected[i]) - Ordinal(actual[i]));
            if (nan ? float.IsNaN(expected[i]) != float.IsNaN(actual[i]) : apart > ulps)
            {
                throw new CheckFailedException(
                    $"{what}: [{i}] is {actual[i]:G9}, expected {expected[i]:G9}; "
                    + $"{apart} ULP apart, allowed {ulps}");
            }
        }
    }

    static double Excess(double expected, double actual, double relative, double absolute)
    {
        if (double.IsNaN(expected) || double.IsNaN(actual))
        {
            return double.IsNaN(expected) && double.IsNaN(actual) ? 0 : double.PositiveInfinity;
        }

        if (expected == actual)
        {
            return 0;
        }

        double allowed = (relative * Math.Abs(expected)) + absolute;
        double off = Math.Abs(actual - expected);
        return off <= allowed ? 0 : off / Math.Max(allowed, double.Epsilon);
    }

    // Order-preserving: neighbouring floats get neighbouring integers, −0 and +0 the same one.
    static long Ordinal(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value);
        return bits < 0 ? int.MinValue - (long)bits : bits;
    }

    static void SameLength(int expected, int actual, string what)
    {
        if (expected != actual)
        {
            throw new CheckFailedException($"{what}: {actual} elements, expected {expected}");
        }
    }
}

/// <summary>A comparison of <see cref="Check"/> did not hold.</summary>
public sealed class CheckFailedException(string message) : Exception(message);
