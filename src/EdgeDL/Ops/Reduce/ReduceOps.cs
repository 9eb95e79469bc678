using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels.Quant;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>What sums, means and the other reductions share.</summary>
static class ReduceOps
{
    // 255 · 2²³ is below 2³¹, and so is 2¹⁵ · 2¹⁶ of int16.
    const int MostBytes = 1 << 23;
    const int MostShorts = 1 << 16;

    public static void Check(InferContext c, Shape output)
    {
        InferInput x = c.Input(0);
        switch (x.DType)
        {
            case DType.Float32 or DType.Int32 or DType.Int64:
                return;
            case DType.Int8 or DType.UInt8 or DType.Int16:
                break;
            default:
                c.Fail($"takes Float32, Int8, UInt8, Int16, Int32 or Int64, gets {x.DType}");
                break;
        }

        Quantization from = Quantizations.Require(c, x.Quant, x.DType, "the input");
        Quantization to = Quantizations.Require(c, c.OutputQuant(0), x.DType, "the output");
        int count = x.Shape.Elements / Math.Max(output.Elements, 1);
        int most = x.DType == DType.Int16 ? MostShorts : MostBytes;
        if (count > most)
        {
            c.Fail($"sums {count} numbers of {x.DType}, at most {most} fit an int32");
        }

        if (x.DType == DType.Int16 && (from.ZeroPoint != 0 || to.ZeroPoint != 0
            || from.Scale / to.Scale >= 1 << 15))
        {
            c.Fail($"takes Int16 without zero points, the model says {from} and {to}");
        }

        c.Scratch(4L * output.Elements);
    }

    /// <summary>A reduction whose accumulators are the outputs.</summary>
    public static unsafe Step Plain<T, TReducer>(PrepareContext c, ReducePlan plan)
        where T : unmanaged
        where TReducer : struct, ILaneReducer<T> =>
        new ReduceStep<T, T, T, Keep<T>>(
            c, plan, Reduction.Rows<T, TReducer>(), null, default);

    /// <summary>The shape and type of a largest or smallest value.</summary>
    public static void InferOrder(InferContext c, ReduceAxes axes)
    {
        Shape shape = axes.Infer(c);
        DType type = c.Input(0).DType;
        if (type is not (DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16
            or DType.Int32 or DType.Int64))
        {
            c.Fail($"takes Float32, Int8, UInt8, Int16, Int32 or Int64, gets {type}");
        }

        Quantizations.RequireSame(c);
        c.SetOutput(0, type, shape);
    }

    public static Step Order<TOrder>(PrepareContext c, ReduceAxes axes)
        where TOrder : struct, IReduceOrder
    {
        ReducePlan plan = axes.Plan(c.Input(0).Shape);
        return c.Input(0).DType switch
        {
            DType.Float32 => TOrder.Reduce<float>(c, plan),
            DType.Int8 => TOrder.Reduce<sbyte>(c, plan),
            DType.UInt8 => TOrder.Reduce<byte>(c, plan),
            DType.Int16 => TOrder.Reduce<short>(c, plan),
            DType.Int32 => TOrder.Reduce<int>(c, plan),
            _ => TOrder.Reduce<long>(c, plan),
        };
    }

    /// <summary>y = Σ (x − zero_x) · scale_x / (divisor · scale_y) + zero_y.</summary>
    public static unsafe Step Quantized(PrepareContext c, ReducePlan plan, int divisor)
    {
        TensorView x = c.Input(0);
        Quantization to = c.Output(0).Quant!;
        int bias = -plan.Reduced * x.Quant!.ZeroPoint;
        int zero = to.ZeroPoint;
        // In this order and in fp32: it decides the last bit.
        float scale = x.Quant.Scale / to.Scale / divisor;
        if (to.Rounding == Rounding.ToEven && x.DType != DType.Int16)
        {
            var ratio = new Ratio(x.Quant.Scale, (double)to.Scale * divisor);
            return x.DType == DType.Int8
                ? new ReduceStep<sbyte, int, sbyte, RescaleToEven<sbyte>>(
                    c, plan, SumBytes.RowsS8(), c.ScratchPointer, new(bias, ratio, zero))
                : new ReduceStep<byte, int, byte, RescaleToEven<byte>>(
                    c, plan, SumBytes.RowsU8(), c.ScratchPointer, new(bias, ratio, zero));
        }

        return x.DType switch
        {
            DType.Int8 => new ReduceStep<sbyte, int, sbyte, Rescale<sbyte>>(
                c, plan, SumBytes.RowsS8(), c.ScratchPointer, new(bias, scale, zero)),
            DType.UInt8 => new ReduceStep<byte, int, byte, Rescale<byte>>(
                c, plan, SumBytes.RowsU8(), c.ScratchPointer, new(bias, scale, zero)),
            _ => new ReduceStep<short, int, short, RescaleS16>(
                c, plan, Reduction.WideRows<short, int, WideSumOf<short, int>>(),
                c.ScratchPointer, new(scale)),
        };
    }
}

/// <summary>Which value of a window is kept.</summary>
interface IReduceOrder
{
    static abstract Step Reduce<T>(PrepareContext c, ReducePlan plan)
        where T : unmanaged, INumber<T>;
}

readonly struct Largest : IReduceOrder
{
    public static Step Reduce<T>(PrepareContext c, ReducePlan plan)
        where T : unmanaged, INumber<T> =>
        ReduceOps.Plain<T, MaxOf<T>>(c, plan);
}

readonly struct Smallest : IReduceOrder
{
    public static Step Reduce<T>(PrepareContext c, ReducePlan plan)
        where T : unmanaged, INumber<T> =>
        ReduceOps.Plain<T, MinOf<T>>(c, plan);
}
