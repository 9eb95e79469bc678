using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = fn(a, b) in integers of any width, or as a truth value of them.</summary>
sealed unsafe class WideBinaryStep(
    Workers workers, TensorView a, TensorView b, TensorView y, WideFunction fn)
    : BroadcastStep(workers, new Broadcast(y.Shape, a.Shape, b.Shape))
{
    readonly byte* left = a.Data;
    readonly byte* right = b.Data;
    readonly byte* to = y.Data;
    readonly int size = a.DType.Size();
    readonly int sizeY = y.DType.Size();
    readonly delegate*<byte*, int, long*, void> widen = WideElements.ToLong(a.DType);
    readonly delegate*<long*, int, byte*, void> narrow = WideElements.FromLong(y.DType);

    protected override void Compute(Part a, Part b, Part c, Part y)
    {
        long* wideA = stackalloc long[WideElements.Block];
        long* wideB = stackalloc long[WideElements.Block];
        long* wideY = stackalloc long[WideElements.Block];
        int stepA = a.Count == 1 ? 0 : 1;
        int stepB = b.Count == 1 ? 0 : 1;
        for (int i = 0; i < y.Count; i += WideElements.Block)
        {
            int n = Math.Min(WideElements.Block, y.Count - i);
            widen(left + ((long)(a.Begin + (i * stepA)) * size), stepA == 0 ? 1 : n, wideA);
            widen(right + ((long)(b.Begin + (i * stepB)) * size), stepB == 0 ? 1 : n, wideB);
            fn.Run(wideA, stepA, wideB, stepB, wideY, n);
            narrow(wideY, n, to + ((long)(y.Begin + i) * sizeY));
        }
    }
}

/// <summary>y = fn(x) in integers of any width.</summary>
sealed unsafe class WideUnaryStep(
    Workers workers, TensorView x, TensorView y, DType readAs, WideFunction fn)
    : ElementsStep(workers, y.Elements)
{
    readonly byte* from = x.Data;
    readonly byte* to = y.Data;
    readonly int size = x.DType.Size();
    readonly delegate*<byte*, int, long*, void> widen = WideElements.ToLong(readAs);
    readonly delegate*<long*, int, byte*, void> narrow = WideElements.FromLong(y.DType);

    public static WideUnaryStep Create<TFn>(PrepareContext c, DType readAs)
        where TFn : struct, IIntegerUnary
        => new(
            c.Workers,
            c.Input(0),
            c.Output(0),
            readAs,
            readAs == DType.UInt64 ? new WideUnsignedUnary<TFn>() : new WideUnary<TFn>());

    protected override void Elements(int begin, int count)
    {
        long* wide = stackalloc long[WideElements.Block];
        for (int i = begin; i < begin + count; i += WideElements.Block)
        {
            int n = Math.Min(WideElements.Block, begin + count - i);
            widen(from + ((long)i * size), n, wide);
            fn.Run(wide, 1, wide, 1, wide, n);
            narrow(wide, n, to + ((long)i * size));
        }
    }
}
