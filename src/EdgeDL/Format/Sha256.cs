using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using EdgeDL.Kernels;

namespace EdgeDL.Format;

/// <summary>
/// SHA-256, FIPS 180-4 section 6.2, in managed code: the framework's needs OpenSSL on the device
/// and aborts an AOT process where it is missing.
/// </summary>
static unsafe partial class Sha256
{
    public const int DigestBytes = 32;

    const int BlockBytes = 64;

    static ReadOnlySpan<uint> Initial =>
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    static ReadOnlySpan<uint> K =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
        0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
        0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
        0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
        0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
        0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
        0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
        0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Takes blocks of 64 bytes into the state of eight words.</summary>
    public delegate void Work(uint* state, byte* data, int count);

    /// <summary>Fastest first.</summary>
    public static KernelRow<Work>[] Rows() =>
    [
        new("ArmSha2", ArmSha2.IsSupported, ArmSha2.Blocks),
        new("Vec128", true, Blocks),
    ];

    /// <summary>Writes the 32-byte digest of <paramref name="data"/>.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest) =>
        Hash(KernelRow.First(Rows()), data, digest);

    /// <summary>The same by one row.</summary>
    public static void Hash(KernelRow<Work> row, ReadOnlySpan<byte> data, Span<byte> digest)
    {
        uint* state = stackalloc uint[8];
        Initial.CopyTo(new Span<uint>(state, 8));
        int whole = data.Length & -BlockBytes;
        fixed (byte* blocks = data)
        {
            row.Function(state, blocks, whole / BlockBytes);
        }

        // The rest, a one bit, zeros, and the length in bits: one block, or two.
        byte* tail = stackalloc byte[2 * BlockBytes];
        var tailBytes = new Span<byte>(tail, 2 * BlockBytes);
        tailBytes.Clear();
        ReadOnlySpan<byte> rest = data[whole..];
        rest.CopyTo(tailBytes);
        tailBytes[rest.Length] = 0x80;
        int end = rest.Length + 9 <= BlockBytes ? BlockBytes : 2 * BlockBytes;
        BinaryPrimitives.WriteInt64BigEndian(tailBytes[(end - 8)..], (long)data.Length * 8);
        row.Function(state, tail, end / BlockBytes);
        for (int i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], state[i]);
        }
    }

    [SkipLocalsInit]
    static void Blocks(uint* state, byte* data, int count)
    {
        // Words of the schedule, each with its constant added.
        uint* w = stackalloc uint[2 * 64];
        fixed (uint* k = K)
        {
            for (; count > 0; count--, data += BlockBytes)
            {
                Schedule(data, w, w + 64, k);
                Rounds(state, w + 64);
            }
        }
    }

    static void Schedule(byte* data, uint* w, uint* withK, uint* k)
    {
        for (int t = 0; t < 16; t++)
        {
            w[t] = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(data + 4 * t));
            withK[t] = w[t] + k[t];
        }

        for (int t = 16; t < 64; t += 4)
        {
            // Four words, but for their last term: that of two depends on the other two.
            var x = Vector128.Load(w + t - 15);
            (Vector128.Load(w + t - 16) + Vector128.Load(w + t - 7)
                + (Rotated(x, 7) ^ Rotated(x, 18) ^ (x >>> 3))).Store(w + t);
            w[t] += Sigma1(w[t - 2]);
            w[t + 1] += Sigma1(w[t - 1]);
            w[t + 2] += Sigma1(w[t]);
            w[t + 3] += Sigma1(w[t + 1]);
            (Vector128.Load(w + t) + Vector128.Load(k + t)).Store(withK + t);
        }
    }

    static void Rounds(uint* state, uint* w)
    {
        uint a = state[0], b = state[1], c = state[2], d = state[3];
        uint e = state[4], f = state[5], g = state[6], h = state[7];
        for (uint* end = w + 64; w < end; w += 8)
        {
            // Eight rounds, after which every variable has its name again.
            h += First(e, f, g, w[0]);
            d += h;
            h += Second(a, b, c);
            g += First(d, e, f, w[1]);
            c += g;
            g += Second(h, a, b);
            f += First(c, d, e, w[2]);
            b += f;
            f += Second(g, h, a);
            e += First(b, c, d, w[3]);
            a += e;
            e += Second(f, g, h);
            d += First(a, b, c, w[4]);
            h += d;
            d += Second(e, f, g);
            c += First(h, a, b, w[5]);
            g += c;
            c += Second(d, e, f);
            b += First(g, h, a, w[6]);
            f += b;
            b += Second(c, d, e);
            a += First(f, g, h, w[7]);
            e += a;
            a += Second(b, c, d);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    // T1 without h: Σ1(e) + Ch(e, f, g) + K + W.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint First(uint e, uint f, uint g, uint word) =>
        word + (g ^ (e & (f ^ g)))
        + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11)
            ^ BitOperations.RotateRight(e, 25));

    // T2: Σ0(a) + Maj(a, b, c).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Second(uint a, uint b, uint c) =>
        ((a & b) ^ (c & (a ^ b)))
        + (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13)
            ^ BitOperations.RotateRight(a, 22));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Sigma1(uint x) =>
        BitOperations.RotateRight(x, 17) ^ BitOperations.RotateRight(x, 19) ^ (x >> 10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> Rotated(Vector128<uint> x, int bits) =>
        (x >>> bits) | (x << (32 - bits));
}
