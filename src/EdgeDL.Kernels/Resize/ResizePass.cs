using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Resize;

/// <summary>
/// One axis of a separable resize: x [outer][Input][inner] to y [outer][Output][inner], row r being
/// (o, j) = (r / Output, r % Output).
/// </summary>
public static unsafe class ResizePass
{
    /// <summary>y[o, j, ·] = x[o, indices[j], ·], rows of so many bytes.</summary>
    public static void Copy(
        int input, ReadOnlySpan<int> indices, int rowBytes, byte* x, byte* y, int begin, int end)
    {
        for (int row = begin; row < end; row++)
        {
            (int outer, int j) = Math.DivRem(row, indices.Length);
            byte* from = x + ((nint)outer * input + indices[j]) * rowBytes;
            new ReadOnlySpan<byte>(from, rowBytes)
                .CopyTo(new Span<byte>(y + (nint)row * rowBytes, rowBytes));
        }
    }

    /// <summary>
    /// y[o, j, ·] = Σ weights[j, t] · x[o, indices[j, t], ·]; integers are rounded to even.
    /// </summary>
    public static void Mix<TFrom, TTo>(
        int input, int output, int inner, ReadOnlySpan<int> indices, ReadOnlySpan<float> weights,
        TFrom* x, TTo* y, int begin, int end)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        int taps = indices.Length / output;
        for (int row = begin; row < end; row++)
        {
            (int outer, int j) = Math.DivRem(row, output);
            TFrom* from = x + (nint)outer * input * inner;
            TTo* to = y + (nint)row * inner;
            ReadOnlySpan<int> index = indices.Slice(j * taps, taps);
            ReadOnlySpan<float> weight = weights.Slice(j * taps, taps);
            int i = 0;
            if (typeof(TFrom) == typeof(float) && typeof(TTo) == typeof(float))
            {
                for (; i <= inner - 4; i += 4)
                {
                    Four((float*)from + i, inner, index, weight).Store((float*)to + i);
                }
            }

            for (; i < inner; i++)
            {
                float sum = 0;
                for (int t = 0; t < taps; t++)
                {
                    sum += weight[t] * float.CreateTruncating(from[(nint)index[t] * inner + i]);
                }

                to[i] = typeof(TTo) == typeof(float)
                    ? Unsafe.BitCast<float, TTo>(sum)
                    : TTo.CreateSaturating(MathF.Round(sum));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Four(
        float* x, int inner, ReadOnlySpan<int> index, ReadOnlySpan<float> weight)
    {
        Vector128<float> sum = Vector128<float>.Zero;
        for (int t = 0; t < index.Length; t++)
        {
            sum += Vector128.Load(x + (nint)index[t] * inner) * weight[t];
        }

        return sum;
    }
}
