using System.Numerics;
using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Signal;

/// <summary>The fp32 steps from samples to cepstra.</summary>
sealed class FrontEndCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        yield return new("i16", new PeakNormalize(), [Plain(Tensors.DType.Int16, 40)],
            r => r.Map(x => r.In(0).Values.Max() is > 0 and var peak ? x / peak : x));
        yield return new("f32", new LogOffset(1e-3f), [F32(3, 5).Between(0, 4)],
            r => r.Map(x => Math.Log(x + 1e-3f)));
        yield return new("even", new Dct(3), [F32(2, 8)], r => Dct(r, 8));
        yield return new("odd", new Dct(7), [F32(7)], r => Dct(r, 7));
        yield return new("f32", new TruncateQuantize(), [F32(60).Between(-70, 70)],
            r => r.Map(x => Math.Clamp(Math.Truncate((x / 0.5) + 3), -128, 127) * 0.5 - 1.5))
        { Out = [Q(0.5f, 3)], Steps = 0 };
        yield return new("hann", new Stft(6, 4, 8, WindowKind.HannPeriodic, SpectrumKind.Power),
            [F32(19)], r => Stft(
                r, 6, 4, 8, true, n => 0.5 - (0.5 * Math.Cos(2 * Math.PI * n / 6))))
        { Absolute = 1e-5 };
        yield return new("hamming",
            new Stft(8, 3, 8, WindowKind.HammingSymmetric, SpectrumKind.Magnitude),
            [F32(20)],
            r => Stft(r, 8, 3, 8, false, n => 0.54 - (0.46 * Math.Cos(2 * Math.PI * n / 7))))
        { Absolute = 1e-5 };
        yield return new("symmetric",
            new Stft(5, 5, 6, WindowKind.HannSymmetric, SpectrumKind.Power),
            [F32(10)],
            r => Stft(r, 5, 5, 6, true, n => 0.5 - (0.5 * Math.Cos(2 * Math.PI * n / 4))))
        { Absolute = 1e-5 };
        yield return new("no window",
            new Stft(4, 1, 4, WindowKind.Rectangle, SpectrumKind.Power),
            [F32(6)], r => Stft(r, 4, 1, 4, true, _ => 1)) { Absolute = 1e-5 };
        yield return new("f32", new MelFilterBank(5, 16000, 100, 7000), [F32(2, 65)], Mel)
        { Absolute = 1e-4 };
    }

    static void Dct(OpRun r, int n) => r.Each(i =>
    {
        double sum = 0;
        for (int k = 0; k < n; k++)
        {
            sum += r.In(0)[(i.Length == 2 ? i[0] * n : 0) + k]
                * Math.Cos(Math.PI * i[^1] * (k + 0.5) / n);
        }

        return sum * Math.Sqrt(2.0 / n);
    });

    static void Stft(
        OpRun r, int frame, int hop, int length, bool power, Func<int, double> window) =>
            r.Each(i =>
    {
        Complex sum = 0;
        for (int n = 0; n < frame; n++)
        {
            sum += r.In(0)[(i[0] * hop) + n] * window(n)
                * Complex.FromPolarCoordinates(1, -2 * Math.PI * i[1] * n / length);
        }

        double magnitude = sum.Magnitude;
        return power ? magnitude * magnitude : magnitude;
    });

    static void Mel(OpRun r)
    {
        static double ToMel(double f) => 1127 * Math.Log(1 + (f / 700));
        double low = ToMel(100);
        double step = (ToMel(7000) - low) / 6;
        r.Each(i =>
        {
            double sum = 0;
            for (int k = 1; k < 65; k++)
            {
                double at = (ToMel(k * 8000.0 / 64) - low) / step;
                sum += r.In(0).At(i[0], k) * Math.Max(0, 1 - Math.Abs(at - (i[1] + 1)));
            }

            return sum;
        });
    }
}
