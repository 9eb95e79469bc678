using EdgeDL.Execution;
using EdgeDL.Kernels.Elementwise;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = the sum of one or more inputs of one shape, added from the first to the last.
/// </summary>
public sealed class AddN : Op, IOp<AddN>
{
    const int MaxInputs = 1024;

    public static OpCode Code => OpCode.AddN;

    public override OpCode OpCode => Code;

    public static AddN Read(ref AttributeReader a) => new();

    public override void Write(ref AttributeWriter a)
    {
    }

    public override void Infer(InferContext c)
    {
        c.Arity(Math.Max(c.InputCount, 1), MaxInputs, outputs: 1);
        InferInput first = c.Input(0);
        if (first.DType is not (DType.Float32 or DType.Int32 or DType.Int64))
        {
            c.Fail($"takes Float32, Int32 or Int64, gets {first.DType}");
        }

        for (int i = 1; i < c.InputCount; i++)
        {
            InferInput x = c.Input(i);
            if (x.DType != first.DType || x.Shape != first.Shape)
            {
                c.Fail($"input {i} is {x.DType} {x.Shape}, input 0 {first.DType} {first.Shape}");
            }
        }

        c.SetOutput(0, first.DType, first.Shape);
    }

    public override Step? Prepare(PrepareContext c) => c.Output(0).DType switch
    {
        DType.Float32 => new SumStep<float>(c),
        DType.Int32 => new SumStep<int>(c),
        _ => new SumStep<long>(c),
    };

    sealed unsafe class SumStep<T> : ElementsStep
        where T : unmanaged, System.Numerics.INumber<T>
    {
        readonly Binary.Row<T, BinaryFn.Add<T>> row = typeof(T) == typeof(float)
            ? Binary.BestLanes<T, BinaryFn.Add<T>>()
            : Binary.Scalar<T, BinaryFn.Add<T>>();
        readonly nint[] from;
        readonly T* to;

        public SumStep(PrepareContext c)
            : base(c.Workers, c.Output(0).Elements)
        {
            from = new nint[c.InputCount];
            for (int i = 0; i < from.Length; i++)
            {
                from[i] = (nint)c.Input(i).Data;
            }

            to = c.Output(0).Pointer<T>();
        }

        protected override void Elements(int begin, int count)
        {
            var sum = new Span<T>(to + begin, count);
            Part(0, begin, count).CopyTo(sum);
            for (int i = 1; i < from.Length; i++)
            {
                row.Run(default, sum, Part(i, begin, count), sum);
            }
        }

        ReadOnlySpan<T> Part(int input, int begin, int count)
            => new((T*)from[input] + begin, count);
    }
}
