using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Kernels.Reduce;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[k] = Σ over j ≤ k of x[j] along one axis (j &lt; k if exclusive, from the other end if
/// reverse); fp32 and integers of 32 and 64 bits.
/// </summary>
public sealed class CumSum(int axis, bool exclusive, bool reverse) : Op, IOp<CumSum>
{
    public static OpCode Code => OpCode.CumSum;

    public override OpCode OpCode => Code;

    public int Axis => axis;

    public bool Exclusive => exclusive;

    public bool Reverse => reverse;

    public static CumSum Read(ref AttributeReader a) =>
        new(a.Int(0, Shape.MaxRank - 1), a.Bool(), a.Bool());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(axis);
        a.Bool(exclusive);
        a.Bool(reverse);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        RowAxis.Check(c, x.Shape, axis);
        if (x.DType is not (DType.Float32 or (>= DType.Int32 and <= DType.UInt64)))
        {
            c.Fail($"takes Float32 or integers of 32 and 64 bits, gets {x.DType}");
        }

        c.SetOutput(0, x.DType, x.Shape);
        c.InPlace(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Float32 => Of<float>(c),
        DType.Int32 => Of<int>(c),
        DType.UInt32 => Of<uint>(c),
        DType.UInt64 => Of<ulong>(c),
        _ => Of<long>(c),
    };

    SumStep<T> Of<T>(PrepareContext c)
        where T : unmanaged, INumber<T>
    {
        var direction = (exclusive, reverse) switch
        {
            (false, false) => CumulativeSum.Direction.Forward,
            (true, false) => CumulativeSum.Direction.ForwardExclusive,
            (false, true) => CumulativeSum.Direction.Reverse,
            _ => CumulativeSum.Direction.ReverseExclusive,
        };
        return new(c.Input(0), c.Output(0), RowAxis.Of(c.Input(0).Shape, axis), direction);
    }

    sealed class SumStep<T>(
        TensorView x, TensorView y, RowAxis rows, CumulativeSum.Direction direction) : Step
        where T : unmanaged, INumber<T>
    {
        public override void Run() => CumulativeSum.Run<T>(
            x.AsSpan<T>(), y.AsSpan<T>(), rows.Outer, rows.Length, rows.Inner, direction);
    }
}
