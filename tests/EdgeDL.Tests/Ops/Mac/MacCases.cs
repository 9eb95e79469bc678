using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Mac;

/// <summary>The arithmetics that every multiply-accumulate op takes, as operands.</summary>
static class MacCases
{
    const float ScaleX = 0.05f;
    const float ScaleY = 0.15f;
    const float ScaleW = 0.01f;

    /// <summary>One case of each arithmetic; bias of <paramref name="outputs"/> values.</summary>
    public static IEnumerable<OpCase> Each(
        string name, Op op, int[] x, int[] w, int axis, int outputs, Action<OpRun> reference)
    {
        var scales = new float[outputs];
        for (int o = 0; o < outputs; o++)
        {
            scales[o] = ScaleW * (1 + (o % 3));
        }

        double depth = w.Aggregate(1.0, (a, b) => a * b) / outputs;
        Arg perAxis = Plain(DType.Int8, w).PerAxis(axis, scales).Constant();
        var biasQuant = new Quantization([.. scales.Select(s => s * ScaleX)], [0], 0);
        yield return new($"{name} f32", op,
            [F32(x), F32(w).Constant(), F32(outputs).Constant()], reference)
        { Absolute = 1e-5 * depth };
        yield return new($"{name} f32 runtime", op, [F32(x), F32(w), F32(outputs)], reference)
        { Absolute = 1e-5 * depth };
        yield return new($"{name} f32 no bias", op, [F32(x), F32(w).Constant()], reference)
        { Absolute = 1e-5 * depth };
        yield return new($"{name} i8", op,
            [I8(ScaleX, -5, x), perAxis, Bias(DType.Int32, biasQuant, outputs)], reference)
        { Out = [Q(ScaleY, 7)] };
        yield return new($"{name} i8 runtime", op,
            [I8(ScaleX, 127, x), I8(ScaleW, 0, w), null], reference)
        { Out = [Q(ScaleY, -128)] };
        yield return new($"{name} u8", op,
            [
                U8(ScaleX, 120, x), U8(ScaleW, 131, w).Constant(),
                Bias(DType.Int32, Q(ScaleX * ScaleW, 0), outputs),
            ],
            reference)
        { Out = [Q(ScaleY, 128)] };
        yield return new($"{name} i16", op,
            [I16(ScaleX / 100, x), perAxis, Bias(DType.Int64, Scaled(biasQuant, 0.01f), outputs)],
            reference)
        { Out = [Q(ScaleY / 100, 0)], Steps = 2 };
        yield return new($"{name} i16 bias32", op,
            [I16(ScaleX / 100, x), perAxis, Bias(DType.Int32, Scaled(biasQuant, 0.01f), outputs)],
            reference)
        { Out = [Q(ScaleY / 100, 0)], Steps = 1, Extremes = depth < 500 };
        // One step of the dynamic range, at most 4 / 255, half of it lost in every product.
        yield return new($"{name} dynamic", op,
            [F32(x), perAxis, F32(outputs).Constant()], reference)
        { Absolute = depth * 3.82 * 4 / 255 / 2 + 1e-4, Relative = 0.01 };
        yield return new($"{name} dynamic i4", op,
            [
                F32(x), Plain(DType.Int4, w).PerAxis(axis, scales).Constant(),
                F32(outputs).Constant(),
            ],
            reference)
        { Absolute = depth * 0.24 * 4 / 255 / 2 + 1e-4, Relative = 0.01 };
        yield return new($"{name} i4", op,
            [
                I8(ScaleX, 3, x), Plain(DType.Int4, w).PerAxis(axis, scales).Constant(),
                Bias(DType.Int32, biasQuant, outputs),
            ],
            reference)
        { Out = [Q(ScaleY / 8, -9)] };
    }

    static Arg Bias(DType type, Quantization quant, int outputs) =>
        new Arg(type, new Shape(outputs)) { Quant = quant }.Between(-3, 3).Constant();

    static Quantization Scaled(Quantization quant, float factor) => new(
        [.. quant.Scales.ToArray().Select(s => s * factor)], [0], quant.Axis);

    public static double Clamp(double value, Activation activation)
    {
        (float low, float high) = activation.Range();
        return Math.Clamp(value, low, high);
    }
}
