using System.Numerics;
using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>How rows of one segment join. The numbers are part of the file format.</summary>
public enum SegmentKind
{
    Sum = 0,
    Product = 1,
    Max = 2,
    Min = 3,
}

/// <summary>
/// y[s] = the join of all rows of x whose id is s; ids below 0 are left out. An empty segment is 0,
/// 1, the lowest or the highest number. Inputs: x, ids (int32 or int64; the leading axes of x).
/// </summary>
public sealed unsafe class UnsortedSegment(SegmentKind kind, int segments)
    : Op, IOp<UnsortedSegment>
{
    public static OpCode Code => OpCode.UnsortedSegment;

    public override OpCode OpCode => Code;

    /// <summary>How rows join.</summary>
    public SegmentKind Kind => kind;

    /// <summary>How many segments there are.</summary>
    public int Segments => segments;

    public static UnsortedSegment Read(ref AttributeReader a) =>
        new((SegmentKind)a.Enum(4), a.Int(0, int.MaxValue));

    public override void Write(ref AttributeWriter a)
    {
        a.Byte((byte)kind);
        a.Int(segments);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: 1);
        InferInput x = c.Input(0);
        Shape ids = MovementRules.Index(c, 1).Shape;
        if (x.DType is not (DType.Float32 or DType.Int32 or DType.Int64))
        {
            c.Fail($"takes Float32, Int32 or Int64, not {x.DType}");
        }

        if (ids.Rank > x.Shape.Rank || !x.Shape.Dims[..ids.Rank].SequenceEqual(ids.Dims))
        {
            c.Fail($"ids {ids} are not the leading axes of {x.Shape}");
        }

        c.SetOutput(
            0, x.DType, MovementRules.Shape(c, [segments, .. x.Shape.Dims[ids.Rank..]]));
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Float32 => new JoinStep<float>(c, kind, float.MinValue, float.MaxValue),
        DType.Int32 => new JoinStep<int>(c, kind, int.MinValue, int.MaxValue),
        _ => new JoinStep<long>(c, kind, long.MinValue, long.MaxValue),
    };

    sealed class JoinStep<T>(PrepareContext c, SegmentKind kind, T lowest, T highest) : Step
        where T : unmanaged, INumber<T>
    {
        readonly string name = c.Name;
        readonly TensorView x = c.Input(0);
        readonly TensorView ids = c.Input(1);
        readonly TensorView y = c.Output(0);

        public override void Run()
        {
            int segments = y.Shape[0];
            int row = y.Shape.Product(1, y.Shape.Rank);
            new Span<T>(y.Data, y.Elements).Fill(kind switch
            {
                SegmentKind.Sum => T.Zero,
                SegmentKind.Product => T.One,
                SegmentKind.Max => lowest,
                _ => highest,
            });
            for (int i = 0; i < ids.Elements; i++)
            {
                long id = ids.DType == DType.Int32 ? ids.Pointer<int>()[i] : ids.Pointer<long>()[i];
                if (id >= segments)
                {
                    DataRangeException.Throw(name, $"ids lie below {segments}", id);
                }

                if (id >= 0)
                {
                    Join(x.Pointer<T>() + ((long)i * row), y.Pointer<T>() + (id * row), row);
                }
            }
        }

        void Join(T* from, T* to, int row)
        {
            for (int k = 0; k < row; k++)
            {
                to[k] = kind switch
                {
                    SegmentKind.Sum => to[k] + from[k],
                    SegmentKind.Product => to[k] * from[k],
                    SegmentKind.Max => T.Max(to[k], from[k]),
                    _ => T.Min(to[k], from[k]),
                };
            }
        }
    }
}
