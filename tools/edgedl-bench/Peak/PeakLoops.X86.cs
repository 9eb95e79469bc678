using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using F = System.Runtime.Intrinsics.X86.Fma;

namespace EdgeDL.Bench.Peak;

/// <summary>
/// Twelve accumulators, as a 6×16 register tile has them: enough for two pipes of latency five.
/// Operands come from level 1, two loads and six broadcasts a step, so that nothing is hoisted.
/// </summary>
static unsafe class PeakLoopsX86
{
    const int StepBytes = 64;
    const int Lanes = PeakLoop.Accumulators * 8;

    public static PeakLoop Float32() => new(
        "vfmadd231ps", F.IsSupported, 2 * Lanes, StepBytes,
        static (a, w, steps) => MultiplyAdd((float*)a, (float*)w, steps));

    public static PeakLoop[] Int8() =>
    [
        new("vpdpbusd", AvxVnni.IsSupported, 8 * Lanes, StepBytes, Bytes<Fours>),
        new("vpmaddubsw + vpmaddwd + vpaddd", Avx2.IsSupported, 8 * Lanes, StepBytes,
            Bytes<Pairs>),
        new("vpmaddwd + vpaddd", Avx2.IsSupported, 4 * Lanes, StepBytes, Bytes<Words>),
    ];

    static void MultiplyAdd(float* a, float* w, int steps)
    {
        Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector256<float> c4 = default, c5 = default, c6 = default, c7 = default;
        Vector256<float> c8 = default, c9 = default, c10 = default, c11 = default;
        for (int k = 0; k < steps; k++, w += 16, a += 8)
        {
            Vector256<float> w0 = Avx.LoadVector256(w), w1 = Avx.LoadVector256(w + 8);
            var x = Avx.BroadcastScalarToVector256(a);
            c0 = F.MultiplyAdd(x, w0, c0);
            c1 = F.MultiplyAdd(x, w1, c1);
            x = Avx.BroadcastScalarToVector256(a + 1);
            c2 = F.MultiplyAdd(x, w0, c2);
            c3 = F.MultiplyAdd(x, w1, c3);
            x = Avx.BroadcastScalarToVector256(a + 2);
            c4 = F.MultiplyAdd(x, w0, c4);
            c5 = F.MultiplyAdd(x, w1, c5);
            x = Avx.BroadcastScalarToVector256(a + 3);
            c6 = F.MultiplyAdd(x, w0, c6);
            c7 = F.MultiplyAdd(x, w1, c7);
            x = Avx.BroadcastScalarToVector256(a + 4);
            c8 = F.MultiplyAdd(x, w0, c8);
            c9 = F.MultiplyAdd(x, w1, c9);
            x = Avx.BroadcastScalarToVector256(a + 5);
            c10 = F.MultiplyAdd(x, w0, c10);
            c11 = F.MultiplyAdd(x, w1, c11);
        }

        (c0 + c1 + c2 + c3 + (c4 + c5 + c6 + c7) + (c8 + c9 + c10 + c11)).Store(w);
    }

    interface IStep
    {
        static abstract Vector256<int> Apply(
            Vector256<int> sum, Vector256<byte> x, Vector256<byte> w);
    }

    /// <summary>uint8 × int8, pairs summed in int16, pairs of those in int32.</summary>
    readonly struct Pairs : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> Apply(
            Vector256<int> sum, Vector256<byte> x, Vector256<byte> w) => Avx2.Add(
                sum, Avx2.MultiplyAddAdjacent(
                    Avx2.MultiplyAddAdjacent(x, w.AsSByte()), Vector256<short>.One));
    }

    /// <summary>uint8 × int8, fours summed in int32, in one instruction.</summary>
    readonly struct Fours : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> Apply(
            Vector256<int> sum, Vector256<byte> x, Vector256<byte> w) =>
            AvxVnni.MultiplyWideningAndAdd(sum, x, w.AsSByte());
    }

    /// <summary>int16 × int16, pairs summed in int32.</summary>
    readonly struct Words : IStep
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<int> Apply(
            Vector256<int> sum, Vector256<byte> x, Vector256<byte> w) =>
            Avx2.Add(sum, Avx2.MultiplyAddAdjacent(x.AsInt16(), w.AsInt16()));
    }

    static void Bytes<TStep>(byte* a, byte* w, int steps)
        where TStep : struct, IStep
    {
        Vector256<int> c0 = default, c1 = default, c2 = default, c3 = default;
        Vector256<int> c4 = default, c5 = default, c6 = default, c7 = default;
        Vector256<int> c8 = default, c9 = default, c10 = default, c11 = default;
        for (int k = 0; k < steps; k++, w += 64, a += 32)
        {
            Vector256<byte> w0 = Avx.LoadVector256(w), w1 = Avx.LoadVector256(w + 32);
            var x = Broadcast(a);
            c0 = TStep.Apply(c0, x, w0);
            c1 = TStep.Apply(c1, x, w1);
            x = Broadcast(a + 4);
            c2 = TStep.Apply(c2, x, w0);
            c3 = TStep.Apply(c3, x, w1);
            x = Broadcast(a + 8);
            c4 = TStep.Apply(c4, x, w0);
            c5 = TStep.Apply(c5, x, w1);
            x = Broadcast(a + 12);
            c6 = TStep.Apply(c6, x, w0);
            c7 = TStep.Apply(c7, x, w1);
            x = Broadcast(a + 16);
            c8 = TStep.Apply(c8, x, w0);
            c9 = TStep.Apply(c9, x, w1);
            x = Broadcast(a + 20);
            c10 = TStep.Apply(c10, x, w0);
            c11 = TStep.Apply(c11, x, w1);
        }

        (c0 + c1 + c2 + c3 + (c4 + c5 + c6 + c7) + (c8 + c9 + c10 + c11)).AsByte().Store(w);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<byte> Broadcast(byte* a) =>
        Avx2.BroadcastScalarToVector256((int*)a).AsByte();
}
