using EdgeDL.Execution;
using EdgeDL.Kernels.Detect;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Non-maximum suppression for every picture and class: fp32 boxes [N, B, 4] (two corners, y before
/// x, in any order; or centre x, y, width, height), scores [N, K, B], and optionally the most boxes
/// of a class (int64), the overlap above which a box goes and the score that it must be above
/// (fp32), each of one element. Outputs: int64 rows of (picture, class, box), as many as the op
/// says, those behind the last filled with −1; and their number (int32) if the node has a second
/// output.
/// </summary>
/// <remarks>ONNX operator NonMaxSuppression.</remarks>
public sealed class BoxSelection(int rows, bool centers) : Op, IOp<BoxSelection>
{
    const int Limit = 1 << 24;

    public static OpCode Code => OpCode.BoxSelection;

    public override OpCode OpCode => Code;

    /// <summary>The most boxes that are told.</summary>
    public int SelectedRows => rows;

    /// <summary>Boxes are centres and sizes.</summary>
    public bool Centers => centers;

    public static BoxSelection Read(ref AttributeReader a) => new(a.Int(0, Limit), a.Bool());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(rows);
        a.Bool(centers);
    }

    public override unsafe void Infer(InferContext c)
    {
        c.Arity(minInputs: 2, maxInputs: 5, outputs: c.OutputCount == 2 ? 2 : 1);
        MovementRules.Type(c, 0, DType.Float32);
        MovementRules.Type(c, 1, DType.Float32);
        Shape boxes = c.Input(0).Shape;
        Shape scores = c.Input(1).Shape;
        if (boxes.Rank != 3 || boxes[2] != 4 || scores.Rank != 3 || scores[0] != boxes[0]
            || scores[2] != boxes[1] || rows is < 0 or > Limit)
        {
            c.Fail($"takes boxes [N, B, 4] and scores [N, K, B], gets {boxes} and {scores}");
        }

        for (int i = 2; i < c.InputCount; i++)
        {
            DType type = i == 2 ? DType.Int64 : DType.Float32;
            if (c.HasInput(i) && (c.Input(i).DType != type || c.Input(i).Shape.Elements != 1))
            {
                c.Fail($"input {i} is {c.Input(i).DType} {c.Input(i).Shape}, not one {type}");
            }
        }

        c.Scratch((long)(sizeof(Box) + sizeof(Candidate) + (2 * sizeof(int))) * boxes[1]);
        c.SetOutput(0, DType.Int64, MovementRules.Shape(c, [rows, 3]));
        if (c.OutputCount == 2)
        {
            c.SetOutput(1, DType.Int32, Shape.Scalar);
        }
    }

    public override Step? Prepare(PrepareContext c) => new SelectStep(c, centers);

    sealed unsafe class SelectStep(PrepareContext c, bool centers) : Step
    {
        readonly TensorView boxes = c.Input(0);
        readonly TensorView scores = c.Input(1);
        readonly long* most = c.HasInput(2) ? c.Input(2).Pointer<long>() : null;
        readonly float* overlap = c.HasInput(3) ? c.Input(3).Pointer<float>() : null;
        readonly float* least = c.HasInput(4) ? c.Input(4).Pointer<float>() : null;
        readonly TensorView rows = c.Output(0);
        readonly int* count = c.OutputCount == 2 ? c.Output(1).Pointer<int>() : null;
        readonly byte* scratch = c.ScratchPointer;

        public override void Run()
        {
            int n = boxes.Shape[1];
            int classes = scores.Shape[1];
            var corners = new Span<Box>(scratch, n);
            var memory = new Span<Candidate>(scratch + (nint)n * sizeof(Box), n);
            int* spare = (int*)(scratch + (nint)n * (sizeof(Box) + sizeof(Candidate)));
            int kept = (int)Math.Clamp(most == null ? 0 : *most, 0, n);
            float maxOverlap = overlap == null ? 0 : *overlap;
            float minScore = least == null ? float.NegativeInfinity : *least;
            int found = 0;
            for (int batch = 0; batch < boxes.Shape[0]; batch++)
            {
                Corners(boxes.Pointer<float>() + (nint)batch * n * 4, corners);
                for (int k = 0; k < classes; k++)
                {
                    var selected = new Span<int>(spare, kept);
                    float* score = scores.Pointer<float>() + ((nint)batch * classes + k) * n;
                    int number = Suppression.Soft(
                        corners, new(score, n), MathF.BitIncrement(maxOverlap), minScore, 0,
                        memory, selected, new((float*)spare + n, kept));
                    found = Tell(batch, k, selected[..number], found);
                }
            }

            rows.AsSpan<long>()[(found * 3)..].Fill(-1);
            if (count != null)
            {
                *count = found;
            }
        }

        int Tell(int batch, int k, ReadOnlySpan<int> selected, int found)
        {
            Span<long> to = rows.AsSpan<long>();
            for (int i = 0; i < selected.Length && found < rows.Shape[0]; i++, found++)
            {
                to[found * 3] = batch;
                to[(found * 3) + 1] = k;
                to[(found * 3) + 2] = selected[i];
            }

            return found;
        }

        void Corners(float* from, Span<Box> to)
        {
            for (int i = 0; i < to.Length; i++, from += 4)
            {
                to[i] = !centers
                    ? new Box(from[0], from[1], from[2], from[3])
                    : new Box(
                        from[1] - from[3] / 2, from[0] - from[2] / 2,
                        from[1] + from[3] / 2, from[0] + from[2] / 2);
            }
        }
    }
}
