using System.Numerics;
using EdgeDL.Graphs;
using EdgeDL.Kernels.Signal;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Signal;

/// <summary>The integer front end, each step against its definition in doubles.</summary>
sealed class SignalLibraryCases : IOpCases
{
    public static IEnumerable<OpCase> Cases() => [.. Spectra(), .. Bands(), .. Streams()];

    static Arg S16(params int[] shape) => Plain(DType.Int16, shape);

    static Arg U32(params int[] shape) => Plain(DType.UInt32, shape);

    static IEnumerable<OpCase> Spectra()
    {
        yield return new("i16", new SignalWindow(3),
            [S16(2, 9).Between(-32768, 32767), S16(9).Between(-9, 9)],
            r => r.Each(i => Math.Clamp(
                Math.Floor(r.In(0).At(i) * r.In(1)[i[1]] / 8), -32768, 32767)));
        yield return new("i16", new SignalFftAutoScale(), [S16(17).Between(-900, 900)], r =>
        {
            double most = r.In(0).Values.Max(Math.Abs);
            int bits = 15;
            while (most * (1 << bits) >= 32768)
            {
                bits--;
            }

            r.Map(x => x * (1 << bits));
            r.Out(1)[0] = bits;
        }) { Out = [null, null] };
        yield return new("f32", new SignalRfft(16), [F32(2, 13)],
            r => r.Each(i => Bin(r, i[0], i[1] / 2, 16) is var x && i[1] % 2 == 0
                ? x.Real : x.Imaginary)) { Absolute = 1e-4 };
        yield return new("q15", new SignalRfft(16),
            [Quantized(DType.Int16, 1f, 0, 2, 13).Between(-20000, 20000)],
            r => r.Each(i => Bin(r, i[0], i[1] / 2, 16) / 16 is var x && i[1] % 2 == 0
                ? x.Real : x.Imaginary)) { Out = [Q(1, 0)], Steps = 8 };
        yield return new("q31", new SignalRfft(16),
            [Quantized(DType.Int32, 1f, 0, 2, 16).Between(-2e9, 2e9)],
            r => r.Each(i => Bin(r, i[0], i[1] / 2, 16) / 16 is var x && i[1] % 2 == 0
                ? x.Real : x.Imaginary)) { Out = [Q(1, 0)], Steps = 20 };
        yield return new("f32", new SignalIrfft(8), [F32(2, 10)], Inverse) { Absolute = 1e-4 };
        yield return new("q15", new SignalIrfft(8),
            [Quantized(DType.Int16, 1f, 0, 2, 10).Between(-9000, 9000)], InverseScaled)
        { Out = [Q(1, 0)], Steps = 8 };
        yield return new("i16", new SignalEnergy(1, 4), [S16(12).Between(-32768, 32767)],
            r => r.Each(i => i[0] is >= 1 and < 4
                ? Math.Pow(r.In(0)[2 * i[0]], 2) + Math.Pow(r.In(0)[(2 * i[0]) + 1], 2)
                : 0));
    }

    static Complex Bin(OpRun r, int row, int k, int n)
    {
        Complex sum = 0;
        int width = r.In(0).Dim(1);
        for (int t = 0; t < width; t++)
        {
            sum += r.In(0).At(row, t) * Complex.FromPolarCoordinates(1, -2 * Math.PI * k * t / n);
        }

        return sum;
    }

    static void Inverse(OpRun r) => r.Each(i => Time(r, i[0], i[1]));

    static void InverseScaled(OpRun r) => r.Each(i => Time(r, i[0], i[1]) / 8);

    // The imaginary parts of the first and last bin don't count.
    static double Time(OpRun r, int row, int t)
    {
        double sum = r.In(0).At(row, 0) + ((t % 2 == 0 ? 1 : -1) * r.In(0).At(row, 8));
        for (int k = 1; k < 4; k++)
        {
            var x = new Complex(r.In(0).At(row, 2 * k), r.In(0).At(row, (2 * k) + 1));
            sum += 2 * (x * Complex.FromPolarCoordinates(1, 2 * Math.PI * k * t / 8)).Real;
        }

        return sum;
    }

    static IEnumerable<OpCase> Bands()
    {
        yield return new("two channels", new SignalFilterBank(2),
            [
                U32(6).Between(0, 1e9), Words(1, 2, 3, 4, 5), Words(9, 8, 7, 6, 5),
                Words(0, 1, 3), Words(0, 1, 3), Words(1, 2, 2),
            ], r =>
            {
                double[] x = r.In(0).Values;
                r.Out(0)[0] = (9 * x[0]) + (2 * x[1]) + (3 * x[2]);
                r.Out(0)[1] = (8 * x[1]) + (7 * x[2]) + (4 * x[3]) + (5 * x[4]);
            });
        yield return new("u64", new SignalFilterBankSquareRoot(),
            [Plain(DType.UInt64, 12).Between(0, 1e15), I32().Between(0, 5)],
            r => r.Map(x => Math.Floor(Math.Floor(Math.Sqrt(x) + 0.5) / (1 << (int)r.In(1)[0]))));
        var settings = new FixedFrontEnd.Subtraction(40, 16344, 60, 16324, 819, 3, 14, false);
        yield return new("noise", new SignalFilterBankSpectralSubtraction(settings, 0),
            [U32(5).Between(0, 1e6)], Subtract)
        { Out = [null, null], Variables = [U32(5)], Runs = 4 };
        yield return new("small", new SignalPcan(2),
            [U32(5).Between(0, 4000), U32(5).Between(0, 2), Gains()],
            r => r.Map(x => Shrink(Math.Floor(x * 7 / 4))));
        yield return new("scaled", new SignalFilterBankLog(3, 1600),
            [U32(30).Between(0, 1e8)],
            r => r.Map(x => x * 8 > 1 ? Math.Min(32767, Math.Log(x * 8) * 1600) : 0))
        { Out = [Q(1, 0)], Steps = 8 };
    }

    static Arg Words(params double[] values) => S16(values.Length).Of(values).Constant();

    static Arg Gains() => S16(125).Of(7).Constant();

    // x²/4 below 2, x − 1 above; 12 fraction bits in, 6 out.
    static double Shrink(double x) => x < 8192
        ? Math.Floor(x * x / (1 << 20))
        : Math.Floor(x / 64) - 64;

    static void Subtract(OpRun r)
    {
        for (int i = 0; i < 5; i++)
        {
            double x = r.In(0)[i];
            int smoothing = i % 2 == 0 ? 40 : 60;
            double noise = Math.Floor(
                ((x * 8 * smoothing) + (r.Variable(0)[i] * (16384 - smoothing))) / 16384);
            r.Variable(0)[i] = noise;
            double kept = Math.Floor(((x * 8) - Math.Min(noise, x * 8)) / 8);
            r.Out(0)[i] = Math.Max(kept, Math.Floor(x * 819 / 16384));
            r.Out(1)[i] = noise;
        }
    }

    static IEnumerable<OpCase> Streams()
    {
        yield return new("short", new SignalDelay(2, 0), [S16(2, 5)], r => Delay(r, 2))
        { Variables = [S16(2, 2)], Runs = 3 };
        yield return new("long", new SignalDelay(7, 0), [S16(2, 3)], r => Delay(r, 7))
        { Variables = [S16(2, 7)], Runs = 5 };
        yield return new("i16", new SignalOverlapAdd(2, 0), [S16(2, 3, 5)], r => Overlap(r, 2))
        { Variables = [S16(2, 5)], Runs = 3 };
        yield return new("f32", new SignalOverlapAdd(5, 0), [F32(3, 5)], r => Overlap(r, 5))
        { Variables = [F32(1, 5)], Runs = 2 };
        yield return new("frames", new SignalFramer(5, 2, 0, 1), [S16(1, 4)], Frame)
        { Out = [null, null], Variables = [S16(1, 6), I32(1), S16(32), I32(1)], Runs = 5 };
        yield return new("stacks", new SignalStacker(1, 1, 2, 2, 3), [S16(2)], Stack)
        {
            Out = [null, null],
            Variables = [S16(6), I32(1)],
            Before = b =>
            {
                b.Variable("frames", DType.Int16, new Shape(6));
                b.Variable("count", DType.Int32, new Shape(1), null, Constant.Copy<int>([-1]));
            },
            Runs = 5,
        };
    }

    static void Delay(OpRun r, int late)
    {
        int width = r.In(0).Dim(1);
        for (int s = 0; s < 2; s++)
        {
            double[] all =
            [
                .. r.Variable(0).Values.AsSpan(s * late, late),
                .. r.In(0).Values.AsSpan(s * width, width),
            ];
            all.AsSpan(0, width).CopyTo(r.Out(0).Values.AsSpan(s * width));
            all.AsSpan(width).CopyTo(r.Variable(0).Values.AsSpan(s * late));
        }
    }

    static void Overlap(OpRun r, int step)
    {
        int size = r.In(0).Dim(-1);
        int frames = r.In(0).Dim(-2);
        for (int f = 0; f < r.In(0).Count / size; f++)
        {
            Span<double> held = r.Variable(0).Values.AsSpan(f / frames * size, size);
            for (int i = 0; i < size; i++)
            {
                held[i] += r.In(0)[(f * size) + i];
            }

            held[..step].CopyTo(r.Out(0).Values.AsSpan(f * step));
            held[step..].CopyTo(held);
            held[^step..].Clear();
        }
    }

    // Six samples are the first whole steps that fill a frame; it drops its oldest step.
    static void Frame(OpRun r)
    {
        double[] all = r.Variable(2).Values;
        bool valid = true;
        for (int f = 0; f < 2; f++)
        {
            int seen = (int)r.Variable(3)[0];
            all[seen++] = r.In(0)[2 * f];
            all[seen++] = r.In(0)[(2 * f) + 1];
            r.Variable(3)[0] = seen;
            valid &= seen >= 6;
            for (int i = 0; seen >= 6 && i < 5; i++)
            {
                r.Out(0).At(0, f, i) = all[seen - 6 + i];
            }
        }

        r.Out(1)[0] = valid ? 1 : 0;
    }

    static void Stack(OpRun r)
    {
        var held = new List<double>();
        int count = (int)r.Variable(1)[0];
        held.AddRange(r.Variable(0).Values[..(count * 2)]);
        bool first = count == 0 && r.Variable(0)[5] == 0;
        held.AddRange(r.In(0).Values);
        if (first)
        {
            held.AddRange(r.In(0).Values);
        }

        bool full = held.Count == 6;
        r.Out(1)[0] = full ? 1 : 0;
        if (full)
        {
            held.CopyTo(r.Out(0).Values);
            held.RemoveRange(0, 4);
        }

        held.CopyTo(r.Variable(0).Values);
        r.Variable(0)[5] = 1;
        r.Variable(1)[0] = held.Count / 2;
    }
}
