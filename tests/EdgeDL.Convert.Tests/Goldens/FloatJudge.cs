using System.Globalization;
using System.Runtime.InteropServices;
using EdgeDL.Tensors;
using Xunit.Abstractions;

namespace EdgeDL.Convert.Tests.Goldens;

/// <summary>
/// Compares an fp32 output with LiteRT's: |ours − theirs| ≤ 1e-5 · max(|theirs|, largest / 100).
/// Two orders of summation may differ by more. Then the whole model is computed in doubles, and
/// the values of ours that missed have to lie that near to those.
/// </summary>
sealed class FloatJudge(ITestOutputHelper log, string tflite, TensorView input)
{
    const double Relative = 1e-5;

    // The input's memory may hold something else after a run.
    readonly byte[] input = input.AsBytes().ToArray();

    public void Close(ReadOnlySpan<float> theirs, ReadOnlySpan<float> ours, string what)
    {
        Assert.Equal(theirs.Length, ours.Length);
        double[] golden = Widen(theirs), actual = Widen(ours);
        double[] miss = Distances(golden, actual);
        if (miss.Max() <= Relative)
        {
            return;
        }

        double[] exact = new DoubleModel(tflite).Run(MemoryMarshal.Cast<byte, float>(input));
        double[] own = Distances(exact, actual), other = Distances(exact, golden);
        bool isRight = true;
        for (int i = 0; i < miss.Length; i++)
        {
            if (!(miss[i] <= Relative))
            {
                isRight &= own[i] <= Relative;
                log.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}[{i}]: {actual[i]:G9}, LiteRT {golden[i]:G9}, in doubles "
                    + $"{exact[i]:G13}; off LiteRT by {miss[i]:E2}, off the double result ours "
                    + $"by {own[i]:E2}, LiteRT by {other[i]:E2}"));
            }
        }

        string report = string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: off the double result at most: ours {own.Max():E2}, LiteRT {other.Max():E2}");
        log.WriteLine(report);
        Assert.True(isRight, report);
    }

    // |y − x| / max(|x|, largest |x| / 100); ∞ for NaN.
    static double[] Distances(double[] expected, double[] actual)
    {
        double floor = expected.Max(Math.Abs) / 100;
        var distances = new double[expected.Length];
        for (int i = 0; i < distances.Length; i++)
        {
            double off = Math.Abs(actual[i] - expected[i]);
            distances[i] = off == 0 ? 0 : off / Math.Max(Math.Abs(expected[i]), floor);
            distances[i] = double.IsNaN(distances[i]) ? double.PositiveInfinity : distances[i];
        }

        return distances;
    }

    static double[] Widen(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }

        return wide;
    }
}
