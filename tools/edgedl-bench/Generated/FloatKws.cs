using EdgeDL.Bench.Compare;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Bench.Generated;

/// <summary>
/// The keyword net in fp32. It is published with int8 weights and fp32 activations; here the
/// weights are the reals that they stand for.
/// </summary>
static class FloatKws
{
    public const string From = "kws_drq";

    public static BenchModel Of(BenchModel dynamicRange) => new("kws_fp32", () =>
    {
        using Model model = dynamicRange.Open();
        foreach (Value value in model.Main.Values)
        {
            if (value is { DType: DType.Int8, Constant: not null, Quant: not null })
            {
                MakeReal(value);
            }
        }

        model.Plan = null;
        using Model copy = Copy(model);
        return BenchModel.Packed(copy);
    });

    static void MakeReal(Value value)
    {
        Quantization quant = value.Quant!;
        Shape shape = value.Shape;
        int axis = quant.IsPerTensor ? 0 : quant.Axis;
        int inner = shape.Product(axis + 1, shape.Rank);
        ReadOnlySpan<sbyte> steps = value.Constant!.As<sbyte>();
        var reals = new float[shape.Elements];
        for (int i = 0; i < reals.Length; i++)
        {
            int slice = i / inner % shape[axis];
            reals[i] = quant.ScaleOf(slice) * (steps[i] - quant.ZeroPointOf(slice));
        }

        value.Constant = Constant.Copy<float>(reals);
        value.DType = DType.Float32;
        value.Quant = null;
    }

    // What inference found of the loaded model no longer holds: a new model knows none of it.
    static Model Copy(Model model)
    {
        var copy = new Model();
        copy.Graphs.AddRange(model.Graphs);
        return copy;
    }
}
