using EdgeDL.Kernels.Detect;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Reduce;

sealed class DetectCases : IOpCases
{
    // Two boxes on one place, one beside them, one far away.
    static readonly double[] corners =
    [
        0, 0, 1, 1,
        0, 0.1, 1, 1.1,
        0, 0.95, 1, 1.95,
        0, 10, 1, 11,
    ];

    // The same as centre and size.
    static readonly double[] anchors =
    [
        0.5, 0.5, 1, 1,
        0.5, 0.6, 1, 1,
        0.5, 1.45, 1, 1,
        0.5, 10.5, 1, 1,
    ];

    public static IEnumerable<OpCase> Cases()
    {
        yield return Hard("hard", 4, 0.5f, 0, [0.9, 0.95, 0.3, 0.8], [1, 3, 2, 0]);
        yield return Hard("most", 2, 0.5f, 0, [0.9, 0.95, 0.3, 0.8], [1, 3]);
        yield return Hard("threshold", 4, 0.5f, 0.5f, [0.9, 0.95, 0.3, 0.8], [1, 3, 0, 0]);
        yield return Hard("ties", 4, 0.99f, 0, [0.5, 0.5, 0.5, 0.5], [0, 1, 2, 3]);
        yield return new("scores", new NonMaxSuppression(3, 0.5f, 0, 0),
            [F32(4, 4).Of(corners), F32(4).Of(0.9, 0.95, 0.3, 0.8)], r =>
            {
                Fill(r.Out(0), 1, 3, 2);
                Fill(r.Out(1), 0.95, 0.8, 0.3);
                r.Out(2)[0] = 3;
            }) { Out = [null, null, null] };
        yield return new("soft", new NonMaxSuppression(4, 1f, 0.01f, 0.5f),
            [F32(4, 4).Of(corners), F32(4).Of(0.9, 0.95, 0.3, 0.8)], Soft)
        { Out = [null, null, null] };
        foreach (bool regular in (bool[])[false, true])
        {
            yield return new($"regular {regular}", Ssd(regular, 3),
                [
                    F32(1, 4, 4).Of(0),
                    F32(1, 4, 3).Of(0, 0.9, 0.1, 0, 0.8, 0.2, 0, 0.3, 0.7, 0, 0.2, 0.95),
                    F32(4, 4).Of(anchors).Constant(),
                ],
                r => Found(r, [(3, 1, 0.95), (0, 0, 0.9), (2, 1, 0.7)]))
            { Out = new Quantization?[4] };
        }

        yield return new("u8", Ssd(false, 3),
            [
                U8(0.1f, 128, 1, 4, 4).Of(0),
                U8(0.01f, 0, 1, 4, 3).Of(0, 0.9, 0.1, 0, 0.8, 0.2, 0, 0.3, 0.7, 0, 0.2, 0.95),
                F32(4, 4).Of(anchors).Constant(),
            ],
            r => Found(r, [(3, 1, 0.95), (0, 0, 0.9), (2, 1, 0.7)]))
            { Out = new Quantization?[4] };
        yield return new("nothing", Ssd(true, 2),
            [F32(1, 4, 4).Of(0), F32(1, 4, 3).Of(0), F32(4, 4).Of(anchors)],
            r => { }) { Out = new Quantization?[4] };
        yield return new("i8 two classes each", Ssd(false, 2, each: 2),
            [
                I8(0.1f, 0, 1, 4, 4).Of(0),
                I8(0.01f, -128, 1, 4, 2).Of(0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.2, 0.95),
                F32(4, 4).Of(anchors),
            ],
            r => Found(r, [(3, 1, 0.95), (3, 0, 0.2), (0, 0, 0.9), (0, 1, 0.1)], boxes: 2))
        { Out = new Quantization?[4] };
    }

    static DetectionPostProcess Ssd(bool regular, int most, int each = 1) =>
        new(new DetectionSettings
        {
            MaxDetections = most, ClassesPerDetection = each, DetectionsPerClass = 100,
            Regular = regular, ScoreThreshold = 0.25f, OverlapThreshold = 0.5f, Classes = 2,
            Scales = new BoxScales(10, 10, 5, 5),
        });

    static OpCase Hard(
        string name, int most, float overlap, float score, double[] scores, double[] kept) =>
        new(name, new NonMaxSuppression(most, overlap, score, 0),
            [F32(4, 4).Of(corners), F32(4).Of(scores)], r =>
            {
                Fill(r.Out(0), kept);
                r.Out(1)[0] = name == "threshold" ? 2 : name is "hard" ? 3 : kept.Length;
            }) { Out = [null, null] };

    static void Soft(OpRun r)
    {
        // 0 overlaps 1 by 9/11, 2 overlaps 1 by 3/37.
        double zero = 0.9 * Math.Exp(-Math.Pow(9 / 11.0, 2));
        double two = 0.3 * Math.Exp(-Math.Pow(0.15 / 1.85, 2))
            * Math.Exp(-Math.Pow(0.05 / 1.95, 2));
        Fill(r.Out(0), 1, 3, 0, 2);
        Fill(r.Out(1), 0.95, 0.8, zero, two);
        r.Out(2)[0] = 4;
    }

    static void Found(OpRun r, (int Box, int Class, double Score)[] found, int boxes = 3)
    {
        for (int i = 0; i < found.Length; i++)
        {
            for (int k = 0; k < 4; k++)
            {
                r.Out(0).At(0, i, k) = corners[found[i].Box * 4 + k];
            }

            r.Out(1).At(0, i) = found[i].Class;
            r.Out(2).At(0, i) = found[i].Score;
        }

        r.Out(3)[0] = boxes;
    }

    static void Fill(RealTensor to, params double[] values) => values.CopyTo(to.Values, 0);
}
