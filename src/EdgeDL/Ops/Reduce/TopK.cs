using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// The k largest (or smallest) along the last axis, those first, equal ones by rising index: values
/// and Int32 indices. fp32 and integers; NaN comes last.
/// </summary>
public sealed class TopK(int k, bool largest) : Op, IOp<TopK>
{
    public static OpCode Code => OpCode.TopK;

    public override OpCode OpCode => Code;

    public int K => k;

    /// <summary>True for the largest, false for the smallest.</summary>
    public bool Largest => largest;

    public static TopK Read(ref AttributeReader a) => new(a.Int(0, int.MaxValue), a.Bool());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(k);
        a.Bool(largest);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 2);
        InferInput x = c.Input(0);
        if (x.Shape.Rank == 0 || k < 0 || k > x.Shape[-1])
        {
            c.Fail($"takes the {k} largest along the last axis of {x.Shape}");
        }

        if (x.DType is not (DType.Float32 or (>= DType.Int8 and <= DType.UInt64)))
        {
            c.Fail($"takes Float32 or integers, gets {x.DType}");
        }

        Quantizations.RequireSame(c);
        Shape y = x.Shape.With(-1, k);
        c.SetOutput(0, x.DType, y);
        c.SetOutput(1, DType.Int32, y);
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Float32 => Of<float>(c),
        DType.Int8 => Of<sbyte>(c),
        DType.UInt8 => Of<byte>(c),
        DType.Int16 => Of<short>(c),
        DType.UInt16 => Of<ushort>(c),
        DType.Int32 => Of<int>(c),
        DType.UInt32 => Of<uint>(c),
        DType.Int64 => Of<long>(c),
        _ => Of<ulong>(c),
    };

    Step Of<T>(PrepareContext c)
        where T : unmanaged, INumber<T> => largest
            ? new TopStep<T, Kernels.Reduce.TopK.Largest<T>>(c)
            : new TopStep<T, Kernels.Reduce.TopK.Smallest<T>>(c);

    sealed class TopStep<T, TOrder>(PrepareContext c) : Step
        where T : unmanaged, INumber<T>
        where TOrder : struct, Kernels.Reduce.TopK.IOrder<T>
    {
        readonly TensorView x = c.Input(0);
        readonly TensorView values = c.Output(0);
        readonly TensorView indices = c.Output(1);

        public override void Run()
        {
            int length = x.Shape[-1];
            int rows = x.Shape.Product(0, x.Shape.Rank - 1);
            Kernels.Reduce.TopK.Run<T, TOrder>(
                x.AsSpan<T>(), values.AsSpan<T>(), indices.AsSpan<int>(),
                rows, length, values.Shape[-1]);
        }
    }
}
