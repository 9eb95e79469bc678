using System.Globalization;
using ConsoleAppFramework;
using EdgeDL.Host.Diagnosis;

namespace EdgeDL.Bench.Peak;

sealed class PeakCommand
{
    /// <summary>Measure the ceilings of one core: fp32, int8, reading memory.</summary>
    [Command("peak")]
    public int Peak() => Exit.Guard(() =>
    {
        CorePeaks peaks = CorePeaks.Measure(withMemory: true);
        Console.WriteLine($"{Processor.ModelName()}, one core");
        Print("fp32", peaks.Float32, "GFLOP/s");
        Print("int8", peaks.Int8, "GOP/s");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{"memory",-8} {"read",-32} {peaks.GigabytesPerSecond,8:0.0} GB/s"));
        return Exit.Ok;
    });

    static void Print(string type, InstructionPeak[] peaks, string unit)
    {
        if (peaks.Length == 0)
        {
            Console.WriteLine($"{type,-8} no loop runs on this processor");
        }

        foreach (InstructionPeak peak in peaks)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{type,-8} {peak.Instruction,-32} {peak.GigaOperations,8:0.0} {unit}"));
        }
    }
}
