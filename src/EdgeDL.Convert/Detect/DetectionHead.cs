using EdgeDL.Convert.Passes;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Detect;

/// <summary>What a detector keeps of what it sees.</summary>
/// <param name="Most">How many objects at most.</param>
/// <param name="Score">The least score, from 0 to 1.</param>
/// <param name="Overlap">Of two boxes of one class that overlap by more (intersection over union),
/// the lower goes.</param>
public sealed record DetectionLimits(int Most, float Score, float Overlap);

/// <summary>
/// Turns the raw maps of a published detector into objects, as ops of the same graph, so that a
/// device reads boxes. The outputs are those of TensorFlow's detection models: detection_boxes
/// [1, N, 4] (top, left, bottom, right from 0 to 1), detection_classes [1, N], detection_scores
/// [1, N], num_detections [1]; rows behind the number say nothing.
/// </summary>
public static class DetectionHead
{
    /// <summary>The detectors that are known, by the name that users give.</summary>
    public static IReadOnlyList<string> Names => ["fastestdet", "yunet"];

    /// <summary>What a detector's authors keep.</summary>
    public static DetectionLimits DefaultsOf(string detector) => detector switch
    {
        "fastestdet" => FastestDet.Defaults,
        "yunet" => YuNet.Defaults,
        _ => throw Unknown(detector),
    };

    static ArgumentException Unknown(string detector) => new(
        $"the detector '{detector}' is not known; known are {string.Join(", ", Names)}");

    /// <summary>Replaces the outputs of a model of one input picture.</summary>
    /// <param name="model">Rewritten in place; its plan is dropped.</param>
    /// <param name="detector">One of <see cref="Names"/>.</param>
    /// <param name="limits">What is kept; null: what the detector's authors use.</param>
    /// <exception cref="InvalidModelException">The model is not that detector.</exception>
    /// <exception cref="ArgumentException">The detector is not known.</exception>
    public static void Append(Model model, string detector, DetectionLimits? limits = null)
    {
        var graph = new GraphAppend(model);
        Candidates found = detector switch
        {
            "fastestdet" => FastestDet.Decode(graph),
            "yunet" => YuNet.Decode(graph),
            _ => throw Unknown(detector),
        };
        Select(graph, found, limits ?? DefaultsOf(detector));
        UnusedValues.Remove(model.Main);
        model.Plan = null;
    }

    static void Select(GraphAppend g, Candidates found, DetectionLimits limits)
    {
        // Boxes of different classes are moved apart, so that only those of one class compete.
        int apart = found.Classes < 0
            ? found.Boxes
            : g.Node(new Add(Activation.None), "boxes by class", found.Boxes,
                g.Node(new Mul(Activation.None), "class offset",
                    g.Reshaped(found.Classes, found.Count, 1), g.Number("apart", 4f)));
        int[] kept = g.Many(
            new NonMaxSuppression(limits.Most, limits.Overlap, limits.Score, sigma: 0),
            "suppression", outputs: 2, apart, found.Scores);
        g.ClearOutputs();
        int most = limits.Most;
        g.Output("detection_boxes", g.Taken(found.Boxes, kept[0]), 1, most, 4);
        int classes = found.Classes < 0
            ? g.Numbers("class 0", new float[most])
            : g.Taken(found.Classes, kept[0]);
        g.Output("detection_classes", classes, 1, most);
        g.Output("detection_scores", g.Taken(found.Scores, kept[0]), 1, most);
        g.Output("num_detections", g.Node(new Cast(DType.Float32), "number", kept[1]), 1);
        if (found.Keypoints >= 0)
        {
            g.Output("detection_keypoints", g.Taken(found.Keypoints, kept[0]),
                1, most, g[found.Keypoints].Shape[1]);
        }
    }
}

/// <summary>What a detector proposes, before the best are chosen.</summary>
/// <param name="Count">How many.</param>
/// <param name="Boxes">[Count, 4]: top, left, bottom, right from 0 to 1.</param>
/// <param name="Scores">[Count].</param>
/// <param name="Classes">[Count], fp32; −1 if all are of one class.</param>
/// <param name="Keypoints">[Count, 2 · points] from 0 to 1, x before y; −1 if there are none.
/// </param>
sealed record Candidates(int Count, int Boxes, int Scores, int Classes, int Keypoints);
