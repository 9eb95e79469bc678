using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// The k largest along the last axis, largest first, equal ones by rising index: values and Int32
/// indices. fp32 and integers; NaN counts as smallest.
/// </summary>
public sealed class TopK(int k) : Op, IOp<TopK>
{
    public static OpCode Code => OpCode.TopK;

    public override OpCode OpCode => Code;

    public int K => k;

    public static TopK Read(ref AttributeReader a) => new(a.Int(0, int.MaxValue));

    public override void Write(ref AttributeWriter a) => a.Int(k);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 2);
        InferInput x = c.Input(0);
        if (x.Shape.Rank == 0 || k < 0 || k > x.Shape[-1])
        {
            c.Fail($"takes the {k} largest along the last axis of {x.Shape}");
        }

        if (x.DType is not (DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16
            or DType.Int32 or DType.Int64))
        {
            c.Fail($"takes Float32, Int8, UInt8, Int16, Int32 or Int64, gets {x.DType}");
        }

        Quantizations.RequireSame(c);
        Shape y = x.Shape.With(-1, k);
        c.SetOutput(0, x.DType, y);
        c.SetOutput(1, DType.Int32, y);
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Float32 => new TopStep<float>(c),
        DType.Int8 => new TopStep<sbyte>(c),
        DType.UInt8 => new TopStep<byte>(c),
        DType.Int16 => new TopStep<short>(c),
        DType.Int32 => new TopStep<int>(c),
        _ => new TopStep<long>(c),
    };

    sealed class TopStep<T>(PrepareContext c) : Step
        where T : unmanaged, INumber<T>
    {
        readonly TensorView x = c.Input(0);
        readonly TensorView values = c.Output(0);
        readonly TensorView indices = c.Output(1);

        public override void Run()
        {
            int length = x.Shape[-1];
            int rows = x.Shape.Product(0, x.Shape.Rank - 1);
            Kernels.Reduce.TopK.Run(
                (ReadOnlySpan<T>)x.AsSpan<T>(), values.AsSpan<T>(), indices.AsSpan<int>(),
                rows, length, values.Shape[-1]);
        }
    }
}
