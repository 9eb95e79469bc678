using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDL.Bench.Peak;

/// <summary>10⁹ operations a second of one core by one instruction.</summary>
sealed record InstructionPeak(string Instruction, double GigaOperations);

/// <summary>The ceilings of one core, as measured: the best of many short loops.</summary>
sealed unsafe class CorePeaks
{
    const int OperandBytes = 8192;
    const int Rounds = 60;
    const double RoundSeconds = 0.002;
    const int MemoryBytes = 256 << 20;
    const int MemoryRounds = 6;

    CorePeaks(InstructionPeak[] float32, InstructionPeak[] int8, double memory)
    {
        Float32 = float32;
        Int8 = int8;
        GigabytesPerSecond = memory;
    }

    /// <summary>Each instruction that this processor has.</summary>
    public InstructionPeak[] Float32 { get; }

    public InstructionPeak[] Int8 { get; }

    /// <summary>Reading memory that no cache holds.</summary>
    public double GigabytesPerSecond { get; }

    /// <summary>GFLOP/s; 0 where no loop runs on this processor.</summary>
    public double Float32Peak => Best(Float32);

    /// <summary>GOP/s; 0 where no loop runs on this processor.</summary>
    public double Int8Peak => Best(Int8);

    /// <summary>Measures arithmetic; memory too if it is asked for.</summary>
    public static CorePeaks Measure(bool withMemory) => new(
        Measure(PeakLoop.Float32()), Measure(PeakLoop.Int8()), withMemory ? ReadMemory() : 0);

    /// <summary>The better of two measurements: other programs only ever make one worse.
    /// </summary>
    public CorePeaks Or(CorePeaks other) => new(
        Better(Float32, other.Float32), Better(Int8, other.Int8),
        Math.Max(GigabytesPerSecond, other.GigabytesPerSecond));

    static InstructionPeak[] Better(InstructionPeak[] a, InstructionPeak[] b) =>
        [.. a.Zip(b, (x, y) => x.GigaOperations > y.GigaOperations ? x : y)];

    static double Best(InstructionPeak[] peaks) =>
        peaks.Length == 0 ? 0 : peaks.Max(p => p.GigaOperations);

    static InstructionPeak[] Measure(PeakLoop[] loops) =>
    [
        .. loops.Where(l => l.IsSupported).Select(
            l => new InstructionPeak(l.Name, GigaOperations(l))),
    ];

    static double GigaOperations(PeakLoop loop)
    {
        int steps = OperandBytes / loop.StepBytes;
        // Behind the operands lies room for what the loop stores.
        byte* operands = (byte*)NativeMemory.AlignedAlloc(2 * OperandBytes + 256, 64);
        try
        {
            new Span<byte>(operands, 2 * OperandBytes + 256).Clear();
            double best = double.MaxValue;
            int repeats = 16;
            for (int round = 0; round < Rounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < repeats; i++)
                {
                    loop.Work(operands, operands + OperandBytes, steps);
                }

                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                best = Math.Min(best, seconds / repeats);
                repeats = (int)Math.Clamp(RoundSeconds / best, 1, 1 << 20);
            }

            return (double)loop.Operations * steps / best * 1e-9;
        }
        finally
        {
            NativeMemory.AlignedFree(operands);
        }
    }

    static double ReadMemory()
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc(MemoryBytes, 64);
        try
        {
            new Span<byte>(memory, MemoryBytes).Fill(1);
            double best = double.MaxValue;
            ulong seen = 0;
            for (int round = 0; round < MemoryRounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                seen |= Or(memory, MemoryBytes);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            GC.KeepAlive(seen);
            return MemoryBytes / best * 1e-9;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    static ulong Or(byte* from, int bytes)
    {
        Vector256<ulong> a = default, b = default, c = default, d = default;
        for (byte* end = from + bytes; from < end; from += 128)
        {
            a |= Vector256.Load((ulong*)from);
            b |= Vector256.Load((ulong*)(from + 32));
            c |= Vector256.Load((ulong*)(from + 64));
            d |= Vector256.Load((ulong*)(from + 96));
        }

        return (a | b | c | d).ToScalar();
    }
}
