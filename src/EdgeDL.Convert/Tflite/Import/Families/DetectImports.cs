using EdgeDL.Convert.Tflite.Schema;
using EdgeDL.Kernels.Detect;
using EdgeDL.Ops;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Non-maximum suppression and the end of SSD detectors.</summary>
static class DetectImports
{
    public static void Register(ImportTable t)
    {
        t.Add(BuiltinOperator.NON_MAX_SUPPRESSION_V4, n => Suppress(n, sigma: 0));
        t.Add(BuiltinOperator.NON_MAX_SUPPRESSION_V5, n => Suppress(n, Number(n, 5, "sigma")));
        t.Add("TFLite_Detection_PostProcess", PostProcess);
    }

    static void Suppress(NodeImport n, float sigma)
    {
        var op = new NonMaxSuppression(
            n.Int(2, "largest number of boxes"), Number(n, 3, "overlap threshold"),
            Number(n, 4, "score threshold"), sigma);
        n.Emit(op, n.Input(0), n.Input(1));
    }

    static float Number(NodeImport n, int i, string what)
    {
        float[] values = n.Floats(i, what);
        return values.Length == 1
            ? values[0]
            : throw n.Fail($"its {what} has {values.Length} numbers, one is needed");
    }

    static void PostProcess(NodeImport n)
    {
        FlexMap o = n.CustomOptions();
        n.Emit(new DetectionPostProcess(new DetectionSettings
        {
            MaxDetections = o.Int("max_detections"),
            ClassesPerDetection = o.Int("max_classes_per_detection"),
            DetectionsPerClass = o.Int("detections_per_class", 100),
            Regular = o.Bool("use_regular_nms", false),
            ScoreThreshold = o.Float("nms_score_threshold"),
            OverlapThreshold = o.Float("nms_iou_threshold"),
            Classes = o.Int("num_classes"),
            Scales = new BoxScales(
                o.Float("y_scale"), o.Float("x_scale"), o.Float("h_scale"), o.Float("w_scale")),
        }));
    }
}
