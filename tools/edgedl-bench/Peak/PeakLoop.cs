namespace EdgeDL.Bench.Peak;

/// <summary>Steps of a loop over operands that lie in level 1.</summary>
unsafe delegate void PeakWork(byte* a, byte* w, int steps);

/// <summary>One instruction's loop and what it does in a step.</summary>
/// <param name="Name">The instruction.</param>
/// <param name="IsSupported">True if this processor and build have it.</param>
/// <param name="Operations">Of a step, two a multiply-accumulate.</param>
/// <param name="StepBytes">What a step reads of the second operand.</param>
/// <param name="Work">The loop.</param>
sealed record PeakLoop(
    string Name, bool IsSupported, int Operations, int StepBytes, PeakWork Work)
{
    /// <summary>Of every loop.</summary>
    public const int Accumulators = 12;

    public static PeakLoop[] Float32() => [PeakLoopsX86.Float32(), PeakLoopsArm.Float32()];

    public static PeakLoop[] Int8() =>
        [.. PeakLoopsEmitted.Int8(), .. PeakLoopsX86.Int8(), .. PeakLoopsArm.Int8()];
}
