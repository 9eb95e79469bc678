using EdgeDL.Execution;
using EdgeDL.Kernels.Detect;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// How <see cref="DetectionStep"/> divides its scratch; every part has 4-byte elements.
/// </summary>
static unsafe class DetectionMemory
{
    public static long Bytes(
        int count, int encoding, int scores, int found, DetectionSettings settings) =>
        (long)count * (sizeof(Box) + sizeof(Candidate) + 4L * (encoding + scores + 4 + 1))
        + (long)found * sizeof(Detection)
        + 4L * Kept(count, settings);

    /// <summary>How many boxes one suppression keeps at most.</summary>
    public static int Kept(int count, DetectionSettings settings) => Math.Min(
        count, settings.Regular ? settings.DetectionsPerClass : settings.MaxDetections);
}

/// <summary>One run of <see cref="DetectionPostProcess"/>.</summary>
sealed unsafe class DetectionStep : Step
{
    readonly DetectionSettings settings;
    readonly TensorView[] inputs;
    readonly TensorView[] outputs;
    readonly int count;
    readonly int encoding;
    readonly int stride;
    readonly Box* boxes;
    readonly Candidate* candidates;
    readonly float* encodings;
    readonly float* scores;
    readonly float* anchors;
    readonly float* best;
    readonly Detection* found;
    readonly int* kept;

    public DetectionStep(PrepareContext c, DetectionSettings settings)
    {
        this.settings = settings;
        inputs = ControlOps.Inputs(c, first: 0);
        outputs = ControlOps.Outputs(c);
        count = inputs[0].Shape[1];
        encoding = inputs[0].Shape[2];
        stride = inputs[1].Shape[2];
        byte* at = c.ScratchPointer;
        boxes = (Box*)at;
        candidates = (Candidate*)(boxes + count);
        encodings = (float*)(candidates + count);
        scores = encodings + (nint)count * encoding;
        anchors = scores + (nint)count * stride;
        best = anchors + (nint)count * 4;
        found = (Detection*)(best + count);
        kept = (int*)(found + outputs[1].Elements);
    }

    public override void Run()
    {
        var all = new Span<Box>(boxes, count);
        BoxDecode.Run(
            Reals(inputs[0], encodings), encoding, Reals(inputs[2], anchors), settings.Scales, all);
        var select = new DetectionSelect
        {
            Boxes = all,
            Scores = Reals(inputs[1], scores),
            Stride = stride,
            Classes = settings.Classes,
            MaxOverlap = settings.OverlapThreshold,
            MinScore = settings.ScoreThreshold,
            Memory = new(candidates, count),
        };
        var detections = new Span<Detection>(found, outputs[1].Elements);
        detections.Fill(new Detection(-1, 0, 0));
        var room = new Span<int>(kept, DetectionMemory.Kept(count, settings));
        int number = settings.Regular
            ? select.Regular(room, detections[..settings.MaxDetections])
            : select.Fast(
                new(best, count), room,
                Math.Min(settings.ClassesPerDetection, settings.Classes),
                settings.ClassesPerDetection, detections);
        Write(detections, all);
        outputs[3].AsSpan<float>()[0] = number;
    }

    void Write(ReadOnlySpan<Detection> detections, Span<Box> all)
    {
        var corners = new Span<Box>(outputs[0].Data, detections.Length);
        Span<float> classes = outputs[1].AsSpan<float>();
        Span<float> confidences = outputs[2].AsSpan<float>();
        for (int i = 0; i < detections.Length; i++)
        {
            Detection d = detections[i];
            corners[i] = d.Box < 0 ? default : all[d.Box];
            classes[i] = d.Class;
            confidences[i] = d.Score;
        }
    }

    // fp32 tensors as they are; integers dequantized into the scratch.
    static ReadOnlySpan<float> Reals(TensorView x, float* scratch)
    {
        if (x.DType == DType.Float32)
        {
            return x.AsSpan<float>();
        }

        var to = new Span<float>(scratch, x.Elements);
        float scale = x.Quant!.Scale;
        int zero = x.Quant.ZeroPoint;
        bool signed = x.DType == DType.Int8;
        for (int i = 0; i < to.Length; i++)
        {
            int q = signed ? (sbyte)x.Data[i] : x.Data[i];
            to[i] = scale * (q - zero);
        }

        return to;
    }
}
