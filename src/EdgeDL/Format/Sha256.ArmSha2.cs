using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ArmSha256 = System.Runtime.Intrinsics.Arm.Sha256;

namespace EdgeDL.Format;

static unsafe partial class Sha256
{
    /// <summary>By the instructions of FEAT_SHA256 (Arm Architecture Reference Manual, SHA256H,
    /// SHA256H2, SHA256SU0, SHA256SU1), four rounds each: a Pi 5 and a Jetson have them, a Pi 4
    /// does not.</summary>
    static class ArmSha2
    {
        public static bool IsSupported => ArmSha256.IsSupported && AdvSimd.IsSupported;

        public static void Blocks(uint* state, byte* data, int count)
        {
            var abcd = Vector128.Load(state);
            var efgh = Vector128.Load(state + 4);
            fixed (uint* k = K)
            {
                for (; count > 0; count--, data += BlockBytes)
                {
                    Vector128<uint> first = abcd, second = efgh;
                    var w0 = Words(data);
                    var w1 = Words(data + 16);
                    var w2 = Words(data + 32);
                    var w3 = Words(data + 48);
                    for (int t = 0; t < 48; t += 16)
                    {
                        // Each four words are used before they make those sixteen further on.
                        Rounds(ref abcd, ref efgh, w0 + Vector128.Load(k + t));
                        w0 = Next(w0, w1, w2, w3);
                        Rounds(ref abcd, ref efgh, w1 + Vector128.Load(k + t + 4));
                        w1 = Next(w1, w2, w3, w0);
                        Rounds(ref abcd, ref efgh, w2 + Vector128.Load(k + t + 8));
                        w2 = Next(w2, w3, w0, w1);
                        Rounds(ref abcd, ref efgh, w3 + Vector128.Load(k + t + 12));
                        w3 = Next(w3, w0, w1, w2);
                    }
                    Rounds(ref abcd, ref efgh, w0 + Vector128.Load(k + 48));
                    Rounds(ref abcd, ref efgh, w1 + Vector128.Load(k + 52));
                    Rounds(ref abcd, ref efgh, w2 + Vector128.Load(k + 56));
                    Rounds(ref abcd, ref efgh, w3 + Vector128.Load(k + 60));
                    abcd += first;
                    efgh += second;
                }
            }
            abcd.Store(state);
            efgh.Store(state + 4);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<uint> Words(byte* data) =>
            AdvSimd.ReverseElement8(Vector128.Load(data).AsUInt32());

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector128<uint> Next(
            Vector128<uint> w0, Vector128<uint> w4, Vector128<uint> w8, Vector128<uint> w12) =>
            ArmSha256.ScheduleUpdate1(ArmSha256.ScheduleUpdate0(w0, w4), w8, w12);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static void Rounds(
            ref Vector128<uint> abcd, ref Vector128<uint> efgh, Vector128<uint> words)
        {
            Vector128<uint> before = abcd;
            abcd = ArmSha256.HashUpdate1(abcd, efgh, words);
            efgh = ArmSha256.HashUpdate2(efgh, before, words);
        }
    }
}
