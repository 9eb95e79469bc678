using EdgeDL.Execution;
using EdgeDL.Kernels.Detect;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Non-maximum suppression of boxes [n, 4] (y1, x1, y2, x2 in any order of corners) with scores
/// [n]: outputs are Int32 indices [most], fp32 scores [most] if the node has three outputs, and
/// their Int32 number (a scalar), zeros behind the last. σ &gt; 0 lets scores decay instead (soft
/// suppression).
/// </summary>
public sealed class NonMaxSuppression(
    int most, float overlapThreshold, float scoreThreshold, float sigma)
    : Op, IOp<NonMaxSuppression>
{
    const int Limit = 1 << 20;

    public static OpCode Code => OpCode.NonMaxSuppression;

    public override OpCode OpCode => Code;

    public int Most => most;

    public float OverlapThreshold => overlapThreshold;

    public float ScoreThreshold => scoreThreshold;

    public float Sigma => sigma;

    public static NonMaxSuppression Read(ref AttributeReader a) =>
        new(a.Int(0, Limit), a.Float(), a.Float(), a.Float());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(most);
        a.Float(overlapThreshold);
        a.Float(scoreThreshold);
        a.Float(sigma);
    }

    public override unsafe void Infer(InferContext c)
    {
        c.Arity(inputs: 2, outputs: c.OutputCount == 3 ? 3 : 2);
        if (most is < 0 or > Limit)
        {
            c.Fail($"gives at most {most} boxes, must be 0 to {Limit}");
        }

        InferInput boxes = c.Input(0);
        InferInput scores = c.Input(1);
        if (boxes.DType != DType.Float32 || boxes.Shape.Rank != 2 || boxes.Shape[1] != 4
            || scores.DType != DType.Float32 || scores.Shape != new Shape(boxes.Shape[0]))
        {
            c.Fail("takes Float32 boxes [n, 4] and scores [n], gets "
                + $"{boxes.DType} {boxes.Shape} and {scores.DType} {scores.Shape}");
        }

        c.Scratch((long)sizeof(Candidate) * boxes.Shape[0] + 4L * most);
        c.SetOutput(0, DType.Int32, new Shape(most));
        if (c.OutputCount == 3)
        {
            c.SetOutput(1, DType.Float32, new Shape(most));
        }

        c.SetOutput(c.OutputCount - 1, DType.Int32, Shape.Scalar);
    }

    public override unsafe Step? Prepare(PrepareContext c) => new SuppressStep(c, this);

    sealed unsafe class SuppressStep(PrepareContext c, NonMaxSuppression op) : Step
    {
        readonly TensorView boxes = c.Input(0);
        readonly TensorView scores = c.Input(1);
        readonly TensorView[] outputs = ControlOps.Outputs(c);
        readonly Candidate* memory = (Candidate*)c.ScratchPointer;

        public override void Run()
        {
            int count = scores.Elements;
            float* spare = (float*)(memory + count);
            outputs[^1].AsSpan<int>()[0] = Suppression.Soft(
                new(boxes.Data, count), scores.AsSpan<float>(),
                op.OverlapThreshold, op.ScoreThreshold, op.Sigma,
                new(memory, count), outputs[0].AsSpan<int>(),
                outputs.Length == 3 ? outputs[1].AsSpan<float>() : new(spare, op.Most));
        }
    }
}
