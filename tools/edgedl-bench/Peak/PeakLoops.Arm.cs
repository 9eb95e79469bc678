using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace EdgeDL.Bench.Peak;

/// <summary>Twelve accumulators of 128 bits: enough for two pipes of latency four.</summary>
static unsafe class PeakLoopsArm
{
    const int StepBytes = 16;
    const int Lanes = PeakLoop.Accumulators * 4;

    public static PeakLoop Float32() => new(
        "fmla", AdvSimd.IsSupported, 2 * Lanes, StepBytes,
        static (a, w, steps) => MultiplyAdd((float*)a, (float*)w, steps));

    public static PeakLoop[] Int8() =>
    [
        new("sdot", Dp.IsSupported, 8 * Lanes, StepBytes, DotBytes),
        new("smlal", AdvSimd.IsSupported, 2 * Lanes, StepBytes, MultiplyAddWords),
    ];

    static void MultiplyAdd(float* a, float* w, int steps)
    {
        Vector128<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector128<float> c4 = default, c5 = default, c6 = default, c7 = default;
        Vector128<float> c8 = default, c9 = default, c10 = default, c11 = default;
        var x = AdvSimd.LoadVector128(a);
        for (int k = 0; k < steps; k++, w += 4)
        {
            var y = AdvSimd.LoadVector128(w);
            c0 = AdvSimd.FusedMultiplyAdd(c0, x, y);
            c1 = AdvSimd.FusedMultiplyAdd(c1, x, y);
            c2 = AdvSimd.FusedMultiplyAdd(c2, x, y);
            c3 = AdvSimd.FusedMultiplyAdd(c3, x, y);
            c4 = AdvSimd.FusedMultiplyAdd(c4, x, y);
            c5 = AdvSimd.FusedMultiplyAdd(c5, x, y);
            c6 = AdvSimd.FusedMultiplyAdd(c6, x, y);
            c7 = AdvSimd.FusedMultiplyAdd(c7, x, y);
            c8 = AdvSimd.FusedMultiplyAdd(c8, x, y);
            c9 = AdvSimd.FusedMultiplyAdd(c9, x, y);
            c10 = AdvSimd.FusedMultiplyAdd(c10, x, y);
            c11 = AdvSimd.FusedMultiplyAdd(c11, x, y);
        }

        (c0 + c1 + c2 + c3 + (c4 + c5 + c6 + c7) + (c8 + c9 + c10 + c11)).Store(w);
    }

    /// <summary>SDOT: int8 × int8, fours summed in int32.</summary>
    static void DotBytes(byte* a, byte* w, int steps)
    {
        Vector128<int> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector128<int> c4 = default, c5 = default, c6 = default, c7 = default;
        Vector128<int> c8 = default, c9 = default, c10 = default, c11 = default;
        var x = AdvSimd.LoadVector128((sbyte*)a);
        for (int k = 0; k < steps; k++, w += 16)
        {
            var y = AdvSimd.LoadVector128((sbyte*)w);
            c0 = Dp.DotProduct(c0, x, y);
            c1 = Dp.DotProduct(c1, x, y);
            c2 = Dp.DotProduct(c2, x, y);
            c3 = Dp.DotProduct(c3, x, y);
            c4 = Dp.DotProduct(c4, x, y);
            c5 = Dp.DotProduct(c5, x, y);
            c6 = Dp.DotProduct(c6, x, y);
            c7 = Dp.DotProduct(c7, x, y);
            c8 = Dp.DotProduct(c8, x, y);
            c9 = Dp.DotProduct(c9, x, y);
            c10 = Dp.DotProduct(c10, x, y);
            c11 = Dp.DotProduct(c11, x, y);
        }

        (c0 + c1 + c2 + c3 + (c4 + c5 + c6 + c7) + (c8 + c9 + c10 + c11)).AsByte().Store(w);
    }

    /// <summary>SMLAL on int16: what there is without SDOT.</summary>
    static void MultiplyAddWords(byte* a, byte* w, int steps)
    {
        Vector128<int> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector128<int> c4 = default, c5 = default, c6 = default, c7 = default;
        Vector128<int> c8 = default, c9 = default, c10 = default, c11 = default;
        var x = AdvSimd.LoadVector64((short*)a);
        for (int k = 0; k < steps; k++, w += 16)
        {
            var y = AdvSimd.LoadVector64((short*)w);
            c0 = AdvSimd.MultiplyWideningLowerAndAdd(c0, x, y);
            c1 = AdvSimd.MultiplyWideningLowerAndAdd(c1, x, y);
            c2 = AdvSimd.MultiplyWideningLowerAndAdd(c2, x, y);
            c3 = AdvSimd.MultiplyWideningLowerAndAdd(c3, x, y);
            c4 = AdvSimd.MultiplyWideningLowerAndAdd(c4, x, y);
            c5 = AdvSimd.MultiplyWideningLowerAndAdd(c5, x, y);
            c6 = AdvSimd.MultiplyWideningLowerAndAdd(c6, x, y);
            c7 = AdvSimd.MultiplyWideningLowerAndAdd(c7, x, y);
            c8 = AdvSimd.MultiplyWideningLowerAndAdd(c8, x, y);
            c9 = AdvSimd.MultiplyWideningLowerAndAdd(c9, x, y);
            c10 = AdvSimd.MultiplyWideningLowerAndAdd(c10, x, y);
            c11 = AdvSimd.MultiplyWideningLowerAndAdd(c11, x, y);
        }

        (c0 + c1 + c2 + c3 + (c4 + c5 + c6 + c7) + (c8 + c9 + c10 + c11)).AsByte().Store(w);
    }
}
