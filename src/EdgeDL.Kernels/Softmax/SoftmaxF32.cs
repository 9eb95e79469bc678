using System.Runtime.Intrinsics;

namespace EdgeDL.Kernels.Softmax;

/// <summary>
/// y = exp(β·(x − max x)) / Σ exp(β·(x − max x)) over each row; one NaN in a row makes the whole
/// row NaN.
/// </summary>
public static unsafe class SoftmaxF32
{
    /// <summary>x and y are [rows, length]; rows begin to end − 1; y may be x; β ≥ 0.</summary>
    public delegate void Function(
        ReadOnlySpan<float> x, Span<float> y, int length, float beta, int begin, int end);

    public static KernelRow<Function>[] Rows() =>
    [
        new("vec128", Vector128.IsHardwareAccelerated, Vec128),
        new("scalar", true, Scalar),
    ];

    static void Scalar(
        ReadOnlySpan<float> x, Span<float> y, int length, float beta, int begin, int end)
    {
        for (int row = begin; row < end; row++)
        {
            ReadOnlySpan<float> from = x.Slice(row * length, length);
            Span<float> to = y.Slice(row * length, length);
            float max = float.NegativeInfinity;
            foreach (float value in from)
            {
                max = MathF.Max(max, value);
            }
            float sum = 0;
            for (int i = 0; i < length; i++)
            {
                to[i] = ExpNonPositive.Apply((from[i] - max) * beta);
                sum += to[i];
            }
            float inverse = 1f / sum;
            for (int i = 0; i < length; i++)
            {
                to[i] *= inverse;
            }
        }
    }

    static void Vec128(
        ReadOnlySpan<float> x, Span<float> y, int length, float beta, int begin, int end)
    {
        if (length < 4)
        {
            Scalar(x, y, length, beta, begin, end);
            return;
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(x.Length, end * length);
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, end * length);
        fixed (float* input = x, output = y)
        {
            for (int row = begin; row < end; row++)
            {
                Row(input + (nint)row * length, output + (nint)row * length, length, beta);
            }
        }
    }

    static void Row(float* x, float* y, int length, float beta)
    {
        int last = length - 4;
        Vector128<float> best = Vector128.Load(x + last);
        for (int i = 0; i < last; i += 4)
        {
            best = Vector128.Max(best, Vector128.Load(x + i));
        }
        best = Vector128.Max(best, Vector128.Shuffle(best, Vector128.Create(2, 3, 0, 1)));
        best = Vector128.Max(best, Vector128.Shuffle(best, Vector128.Create(1, 0, 3, 2)));
        float max = best.ToScalar();
        Vector128<float> sum = default;
        int k = 0;
        for (; k <= last; k += 4)
        {
            Vector128<float> e = ExpNonPositive.Apply((Vector128.Load(x + k) - best) * beta);
            e.Store(y + k);
            sum += e;
        }
        float total = Vector128.Sum(sum);
        for (; k < length; k++)
        {
            y[k] = ExpNonPositive.Apply((x[k] - max) * beta);
            total += y[k];
        }
        float inverse = 1f / total;
        for (k = 0; k <= last; k += 4)
        {
            (Vector128.Load(y + k) * inverse).Store(y + k);
        }
        for (; k < length; k++)
        {
            y[k] *= inverse;
        }
    }
}
