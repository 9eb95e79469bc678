using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = fn(a, b) by a row of the kernel table.</summary>
sealed unsafe class BinaryStep<T, TFn>(
    Workers workers, TensorView a, TensorView b, TensorView y, TFn fn, Binary.Row<T, TFn> kernel)
    : BroadcastStep(workers, new Broadcast(y.Shape, a.Shape, b.Shape))
    where T : unmanaged
    where TFn : struct, IBinary<T>
{
    readonly T* left = a.Pointer<T>();
    readonly T* right = b.Pointer<T>();
    readonly T* to = y.Pointer<T>();

    protected override void Compute(Part a, Part b, Part c, Part y) => kernel.Run(
        fn,
        new(left + a.Begin, a.Count),
        new(right + b.Begin, b.Count),
        new(to + y.Begin, y.Count));
}

/// <summary>y = fn(a, b) for 8-bit values with XNNPACK's arithmetic.</summary>
sealed unsafe class Q8BinaryStep<T, TFn>(
    Workers workers, TensorView a, TensorView b, TensorView y, TFn fn)
    : BroadcastStep(workers, new Broadcast(y.Shape, a.Shape, b.Shape))
    where T : unmanaged
    where TFn : struct, IQ8Binary
{
    readonly Q8Binary.Row<T, TFn> kernel = Q8Binary.Best<T, TFn>();
    readonly T* left = a.Pointer<T>();
    readonly T* right = b.Pointer<T>();
    readonly T* to = y.Pointer<T>();

    protected override void Compute(Part a, Part b, Part c, Part y) => kernel.Run(
        fn,
        new(left + a.Begin, a.Count),
        new(right + b.Begin, b.Count),
        new(to + y.Begin, y.Count));
}

/// <summary>y = 1 where fn(a, b).</summary>
sealed unsafe class CompareStep<T, TFn>(
    Workers workers, TensorView a, TensorView b, TensorView y, TFn fn)
    : BroadcastStep(workers, new Broadcast(y.Shape, a.Shape, b.Shape))
    where T : unmanaged
    where TFn : struct, ICompare<T>
{
    readonly T* left = a.Pointer<T>();
    readonly T* right = b.Pointer<T>();
    readonly byte* to = y.Data;

    protected override void Compute(Part a, Part b, Part c, Part y) => Compare.Run(
        fn,
        new ReadOnlySpan<T>(left + a.Begin, a.Count),
        new ReadOnlySpan<T>(right + b.Begin, b.Count),
        new(to + y.Begin, y.Count));
}

/// <summary>The two operands and the result while a binary op chooses its step.</summary>
public readonly struct BinaryOperands
{
    readonly PrepareContext c;

    internal BinaryOperands(PrepareContext c, Activation activation)
    {
        this.c = c;
        Activation = activation;
    }

    internal Activation Activation { get; }

    internal TensorView A => c.Input(0);

    internal TensorView B => c.Input(1);

    internal TensorView Y => c.Output(0);

    internal FixedInput FixedA => new(A.Quant!.Scale, A.Quant.ZeroPoint);

    internal FixedInput FixedB => new(B.Quant!.Scale, B.Quant.ZeroPoint);

    internal Q8Output Quantized
    {
        get
        {
            Quantization quant = Y.Quant!;
            (int lo, int hi) = Activation.Range(Y.DType, quant);
            return new Q8Output(quant.Scale, quant.ZeroPoint, lo, hi);
        }
    }

    /// <summary>A function with a vector form, clamped by the fused activation.</summary>
    internal Step Lanes<T, TFn>(TFn fn)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TFn : struct, ILaneBinary<T>
    {
        if (Activation == Activation.None)
        {
            return new BinaryStep<T, TFn>(
                c.Workers, A, B, Y, fn, Kernels.Elementwise.Binary.BestLanes<T, TFn>());
        }

        (float low, float high) = Activation.Range();
        var clamped = new BinaryFn.Clamped<T, TFn>(
            fn, T.CreateSaturating(low), T.CreateSaturating(high));
        return new BinaryStep<T, BinaryFn.Clamped<T, TFn>>(
            c.Workers,
            A,
            B,
            Y,
            clamped,
            Kernels.Elementwise.Binary.BestLanes<T, BinaryFn.Clamped<T, TFn>>());
    }

    /// <summary>A function that is computed one by one.</summary>
    internal Step Each<T, TFn>(TFn fn)
        where T : unmanaged
        where TFn : struct, IBinary<T>
        => new BinaryStep<T, TFn>(
            c.Workers, A, B, Y, fn, Kernels.Elementwise.Binary.Scalar<T, TFn>());

    /// <summary>A function with XNNPACK's 8-bit arithmetic.</summary>
    internal Step Q8<TFn>(TFn fn)
        where TFn : struct, IQ8Binary
        => A.DType == DType.Int8
            ? new Q8BinaryStep<sbyte, TFn>(c.Workers, A, B, Y, fn)
            : new Q8BinaryStep<byte, TFn>(c.Workers, A, B, Y, fn);
}
