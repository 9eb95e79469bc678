using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// The different slices along an axis, in rising order or in the order they first stand in.
/// Outputs:
/// the slices (as many places as x has, those past the count zero), where each first stands, for
/// each slice of x its place, how often each stands (all int64, as long as the axis), and the count
/// (int32): shapes don't change here.
/// </summary>
/// <remarks>ONNX operator Unique. Slices are ordered by their first differing element.</remarks>
public sealed unsafe class UniqueSlices(int axis, bool sorted) : Op, IOp<UniqueSlices>
{
    public static OpCode Code => OpCode.UniqueSlices;

    public override OpCode OpCode => Code;

    /// <summary>The axis whose slices are compared.</summary>
    public int Axis => axis;

    /// <summary>True for rising order.</summary>
    public bool Sorted => sorted;

    public static UniqueSlices Read(ref AttributeReader a) =>
        new(a.Int(0, Shape.MaxRank - 1), a.Bool());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(axis);
        a.Bool(sorted);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 5);
        InferInput x = c.Input(0);
        MovementRules.Axis(c, axis, x.Shape.Rank);
        if (x.DType is not (DType.Float32 or DType.Bool or (>= DType.Int8 and <= DType.UInt64)))
        {
            c.Fail($"takes Float32, Bool or integers, gets {x.DType}");
        }

        var places = new Shape(x.Shape[axis]);
        c.Scratch(3L * sizeof(int) * x.Shape[axis]);
        c.SetOutput(0, x.DType, x.Shape);
        for (int i = 1; i < 4; i++)
        {
            c.SetOutput(i, DType.Int64, places);
        }

        c.SetOutput(4, DType.Int32, Shape.Scalar);
    }

    public override Step? Prepare(PrepareContext c) => c.Input(0).DType switch
    {
        DType.Float32 => new SliceStep<float>(c, axis, sorted),
        DType.Int8 => new SliceStep<sbyte>(c, axis, sorted),
        DType.Int16 => new SliceStep<short>(c, axis, sorted),
        DType.UInt16 => new SliceStep<ushort>(c, axis, sorted),
        DType.Int32 => new SliceStep<int>(c, axis, sorted),
        DType.UInt32 => new SliceStep<uint>(c, axis, sorted),
        DType.Int64 => new SliceStep<long>(c, axis, sorted),
        DType.UInt64 => new SliceStep<ulong>(c, axis, sorted),
        _ => new SliceStep<byte>(c, axis, sorted),
    };

    sealed class SliceStep<T>(PrepareContext c, int axis, bool sorted) : Step
        where T : unmanaged, IComparable<T>
    {
        readonly RowAxis slices = RowAxis.Of(c.Input(0).Shape, axis);
        readonly T* x = c.Input(0).Pointer<T>();
        readonly TensorView y = c.Output(0);
        readonly TensorView first = c.Output(1);
        readonly long* place = c.Output(2).Pointer<long>();
        readonly TensorView counts = c.Output(3);
        readonly int* count = c.Output(4).Pointer<int>();

        // Groups are numbered as they appear; order lists them by rising slices.
        readonly int* order = (int*)c.ScratchPointer;
        readonly int* member = (int*)c.ScratchPointer + c.Input(0).Shape[axis];
        readonly int* rank = (int*)c.ScratchPointer + (2L * c.Input(0).Shape[axis]);

        public override void Run()
        {
            y.AsBytes().Clear();
            first.AsBytes().Clear();
            counts.AsBytes().Clear();
            int groups = Group();
            for (int i = 0; i < groups; i++)
            {
                rank[sorted ? order[i] : i] = i;
            }

            for (int g = 0; g < groups; g++)
            {
                first.Pointer<long>()[rank[g]] = member[g];
                Copy(member[g], rank[g]);
            }

            for (int k = 0; k < slices.Length; k++)
            {
                place[k] = rank[place[k]];
                counts.Pointer<long>()[place[k]]++;
            }

            *count = groups;
        }

        // Gives every slice its group; returns how many there are.
        int Group()
        {
            int groups = 0;
            for (int k = 0; k < slices.Length; k++)
            {
                int low = 0;
                int high = groups;
                int found = -1;
                while (low < high && found < 0)
                {
                    int middle = (low + high) / 2;
                    int sign = Compare(k, member[order[middle]]);
                    found = sign == 0 ? order[middle] : -1;
                    (low, high) = sign > 0 ? (middle + 1, high) : (low, middle);
                }

                if (found < 0)
                {
                    for (int i = groups; i > low; i--)
                    {
                        order[i] = order[i - 1];
                    }

                    member[groups] = k;
                    order[low] = groups;
                    found = groups++;
                }

                place[k] = found;
            }

            return groups;
        }

        int Compare(int a, int b)
        {
            for (int o = 0; o < slices.Outer; o++)
            {
                T* block = x + ((long)o * slices.Length * slices.Inner);
                for (int i = 0; i < slices.Inner; i++)
                {
                    int sign = block[((long)a * slices.Inner) + i].CompareTo(
                        block[((long)b * slices.Inner) + i]);
                    if (sign != 0)
                    {
                        return sign;
                    }
                }
            }

            return 0;
        }

        void Copy(int from, int to)
        {
            T* target = y.Pointer<T>();
            for (int o = 0; o < slices.Outer; o++)
            {
                long block = (long)o * slices.Length * slices.Inner;
                for (int i = 0; i < slices.Inner; i++)
                {
                    target[block + ((long)to * slices.Inner) + i] =
                        x[block + ((long)from * slices.Inner) + i];
                }
            }
        }
    }
}
