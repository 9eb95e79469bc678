using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = fn(a, b) in fp32, by a row of the kernel table.</summary>
sealed unsafe class BinaryF32Step<TFn>(
    Workers workers,
    TensorView a,
    TensorView b,
    TensorView y,
    TFn fn,
    Binary.Row<float, TFn> kernel)
    : BroadcastStep(workers, new Broadcast(y.Shape, a.Shape, b.Shape))
    where TFn : struct, IBinary<float>
{
    readonly float* left = a.Pointer<float>();
    readonly float* right = b.Pointer<float>();
    readonly float* to = y.Pointer<float>();

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

/// <summary>y = 1 where fn(a, b), in fp32.</summary>
sealed unsafe class CompareF32Step<TFn>(
    Workers workers, TensorView a, TensorView b, TensorView y)
    : BroadcastStep(workers, new Broadcast(y.Shape, a.Shape, b.Shape))
    where TFn : struct, ICompare<float>
{
    readonly float* left = a.Pointer<float>();
    readonly float* right = b.Pointer<float>();
    readonly byte* to = y.Data;

    protected override void Compute(Part a, Part b, Part c, Part y) => Compare.Run(
        default(TFn),
        new ReadOnlySpan<float>(left + a.Begin, a.Count),
        new ReadOnlySpan<float>(right + b.Begin, b.Count),
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

    /// <summary>An fp32 function with a vector form, clamped by the fused activation.</summary>
    internal Step Lanes<TFn>(TFn fn)
        where TFn : struct, ILaneBinary<float>
    {
        if (Activation == Activation.None)
        {
            return new BinaryF32Step<TFn>(
                c.Workers, A, B, Y, fn, Kernels.Elementwise.Binary.BestLanes<float, TFn>());
        }

        (float low, float high) = Activation.Range();
        var clamped = new BinaryFn.Clamped<float, TFn>(fn, low, high);
        return new BinaryF32Step<BinaryFn.Clamped<float, TFn>>(
            c.Workers,
            A,
            B,
            Y,
            clamped,
            Kernels.Elementwise.Binary.BestLanes<float, BinaryFn.Clamped<float, TFn>>());
    }

    /// <summary>An fp32 function that is computed one by one.</summary>
    internal Step Each<TFn>()
        where TFn : struct, IBinary<float>
        => new BinaryF32Step<TFn>(
            c.Workers, A, B, Y, default, Kernels.Elementwise.Binary.Scalar<float, TFn>());

    /// <summary>A function of integers, clamped by the fused activation.</summary>
    internal Step Integers<TFn, TUnsigned>()
        where TFn : struct, IBinary<long>
        where TUnsigned : struct, IBinary<ulong>
    {
        WideFunction fn = A.DType == DType.UInt64
            ? new WideUnsigned<TUnsigned>(default)
            : new Wide<TFn>(default);
        return Wide(Activation == Activation.None ? fn : new ClampedInteger(fn, Activation));
    }

    /// <summary>A function with fixed-point arithmetic.</summary>
    internal Step Fixed<TFn>(TFn fn)
        where TFn : struct, IBinary<long>
        => Wide(new Wide<TFn>(fn));

    /// <summary>A function of the reals that quantized operands stand for.</summary>
    internal Step Reals<TFn>()
        where TFn : struct, ILaneBinary<float>
        => A.DType == DType.Int16
            ? EachReal<TFn>()
            : Q8(new RealFn.Lanes<TFn>(default, FixedA, FixedB, Quantized));

    /// <summary>The same, computed one by one.</summary>
    internal Step EachReal<TFn>()
        where TFn : struct, IBinary<float>
        => Fixed(new RealFn.Each<TFn>(default, FixedA, FixedB, Quantized));

    internal Step Wide(WideFunction fn) => new WideBinaryStep(c.Workers, A, B, Y, fn);

    /// <summary>A function with XNNPACK's 8-bit arithmetic.</summary>
    internal Step Q8<TFn>(TFn fn)
        where TFn : struct, IQ8Binary
        => A.DType == DType.Int8
            ? new Q8BinaryStep<sbyte, TFn>(c.Workers, A, B, Y, fn)
            : new Q8BinaryStep<byte, TFn>(c.Workers, A, B, Y, fn);
}

/// <summary>An activation fused into a function of integers.</summary>
sealed class ClampedInteger(WideFunction fn, Activation activation) : WideFunction
{
    readonly long low = activation == Activation.ReluN1To1 ? -1 : 0;
    readonly long high = activation switch
    {
        Activation.Relu6 => 6,
        Activation.ReluN1To1 => 1,
        _ => long.MaxValue,
    };

    public override long Apply(long a, long b) => Math.Clamp(fn.Apply(a, b), low, high);
}
