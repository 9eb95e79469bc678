using EdgeDL.Execution;
using EdgeDL.Kernels.Detect;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>The settings of <see cref="DetectionPostProcess"/>.</summary>
public sealed record DetectionSettings
{
    /// <summary>The most boxes that are kept.</summary>
    public required int MaxDetections { get; init; }

    /// <summary>Fast: classes reported for each box.</summary>
    public required int ClassesPerDetection { get; init; }

    /// <summary>Regular: the most boxes of one class.</summary>
    public required int DetectionsPerClass { get; init; }

    /// <summary>Suppression class by class, not by each box's best class.</summary>
    public required bool Regular { get; init; }

    public required float ScoreThreshold { get; init; }

    public required float OverlapThreshold { get; init; }

    /// <summary>Classes without the background, which may stand before them.</summary>
    public required int Classes { get; init; }

    /// <summary>What encodings are divided by.</summary>
    public required BoxScales Scales { get; init; }
}

/// <summary>
/// The end of an SSD, TFLite_Detection_PostProcess: inputs are box encodings [1, n, ≥ 4], class
/// scores [1, n, classes (+ 1)] and anchors [n, 4], fp32, uint8 or int8; outputs are fp32 boxes [1,
/// d, 4] (y min, x min, y max, x max), classes [1, d], scores [1, d] and the number of boxes [1],
/// zeros behind the last.
/// </summary>
public sealed class DetectionPostProcess(DetectionSettings settings)
    : Op, IOp<DetectionPostProcess>
{
    const int Most = 1 << 20;

    public static OpCode Code => OpCode.DetectionPostProcess;

    public override OpCode OpCode => Code;

    public DetectionSettings Settings => settings;

    public static DetectionPostProcess Read(ref AttributeReader a) => new(new DetectionSettings
    {
        MaxDetections = a.Int(1, Most),
        ClassesPerDetection = a.Int(1, Most),
        DetectionsPerClass = a.Int(1, Most),
        Regular = a.Bool(),
        ScoreThreshold = a.Float(),
        OverlapThreshold = a.Float(),
        Classes = a.Int(1, Most),
        Scales = new(a.Float(), a.Float(), a.Float(), a.Float()),
    });

    public override void Write(ref AttributeWriter a)
    {
        a.Int(settings.MaxDetections);
        a.Int(settings.ClassesPerDetection);
        a.Int(settings.DetectionsPerClass);
        a.Bool(settings.Regular);
        a.Float(settings.ScoreThreshold);
        a.Float(settings.OverlapThreshold);
        a.Int(settings.Classes);
        a.Float(settings.Scales.Y);
        a.Float(settings.Scales.X);
        a.Float(settings.Scales.H);
        a.Float(settings.Scales.W);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 3, outputs: 4);
        Shape boxes = Check(c, 0, "box encodings", rank: 3);
        Shape scores = Check(c, 1, "class scores", rank: 3);
        Shape anchors = Check(c, 2, "anchors", rank: 2);
        int count = boxes[1];
        if (boxes[0] != 1 || boxes[2] < 4 || scores[0] != 1 || scores[1] != count
            || anchors[0] != count || anchors[1] != 4)
        {
            c.Fail($"takes encodings [1, n, 4], scores [1, n, classes] and anchors [n, 4], gets "
                + $"{boxes}, {scores} and {anchors}");
        }

        if (settings.MaxDetections is < 1 or > Most
            || settings.ClassesPerDetection is < 1 or > Most
            || settings.DetectionsPerClass is < 1 or > Most || settings.Classes is < 1 or > Most)
        {
            c.Fail($"counts of {settings} must be 1 to {Most}");
        }

        int background = scores[2] - settings.Classes;
        if (background is < 0 or > 1)
        {
            c.Fail($"tells {settings.Classes} classes, the scores have {scores[2]}");
        }

        if (!(settings.OverlapThreshold > 0 && settings.OverlapThreshold <= 1))
        {
            c.Fail($"overlap threshold {settings.OverlapThreshold} is not in (0, 1]");
        }

        long found = (long)settings.MaxDetections * settings.ClassesPerDetection;
        if (found > Most)
        {
            c.Fail($"gives {found} detections, at most {Most} are possible");
        }

        c.Scratch(DetectionMemory.Bytes(count, boxes[2], scores[2], (int)found, settings));
        c.SetOutput(0, DType.Float32, new Shape(1, (int)found, 4));
        c.SetOutput(1, DType.Float32, new Shape(1, (int)found));
        c.SetOutput(2, DType.Float32, new Shape(1, (int)found));
        c.SetOutput(3, DType.Float32, new Shape(1));
    }

    public override Step? Prepare(PrepareContext c) => new DetectionStep(c, settings);

    static Shape Check(InferContext c, int i, string what, int rank)
    {
        InferInput x = c.Input(i);
        if (x.DType is DType.Int8 or DType.UInt8)
        {
            Quantizations.Require(c, x.Quant, x.DType, what);
        }
        else if (x.DType != DType.Float32)
        {
            c.Fail($"{what} are {x.DType}, must be Float32, UInt8 or Int8");
        }

        if (x.Shape.Rank != rank)
        {
            c.Fail($"{what} are {x.Shape}, must have rank {rank}");
        }

        return x.Shape;
    }
}
