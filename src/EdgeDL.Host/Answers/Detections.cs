using EdgeDL.Devices.Media;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Host.Answers;

/// <summary>An object found: its class, score, and corners in pixels of the picture.</summary>
public readonly record struct Detection(
    int Index, float Score, string Label, float Left, float Top, float Right, float Bottom);

/// <summary>
/// The four outputs of a detector, those of a detection post-process or those named
/// detection_boxes, detection_classes, detection_scores and num_detections: boxes [1, N, 4] as top,
/// left, bottom, right from
/// 0 to 1; classes [1, N]; scores [1, N]; count [1].
/// </summary>
public sealed class Detections
{
    static readonly string[] Names =
        ["detection_boxes", "detection_classes", "detection_scores", "num_detections"];

    readonly TensorView boxes;
    readonly TensorView classes;
    readonly TensorView scores;
    readonly TensorView count;

    Detections(TensorView boxes, TensorView classes, TensorView scores, TensorView count)
    {
        this.boxes = boxes;
        this.classes = classes;
        this.scores = scores;
        this.count = count;
    }

    /// <summary>The detections of a session, or null if its model finds no objects.</summary>
    public static Detections? Of(Session session)
    {
        Graph graph = session.Model.Main;
        foreach (Node node in graph.Nodes)
        {
            if (node.Op.OpCode != OpCode.DetectionPostProcess || node.Outputs.Length != 4)
            {
                continue;
            }

            var places = Array.ConvertAll(node.Outputs, value => graph.Outputs.IndexOf(value));
            if (Array.TrueForAll(places, place => place >= 0))
            {
                return new Detections(
                    session.Output(places[0]), session.Output(places[1]),
                    session.Output(places[2]), session.Output(places[3]));
            }
        }

        return Named(session);
    }

    static Detections? Named(Session session)
    {
        int[] places = Array.ConvertAll(Names, name =>
        {
            for (var o = 0; o < session.OutputCount; o++)
            {
                if (session.Output(o) is { DType: DType.Float32 } output && output.Name == name)
                {
                    return o;
                }
            }

            return -1;
        });
        if (Array.Exists(places, place => place < 0))
        {
            return null;
        }

        var all = Array.ConvertAll(places, session.Output);
        var most = all[2].Elements;
        return all[0].Elements == 4 * most && all[1].Elements == most && all[3].Elements == 1
            ? new Detections(all[0], all[1], all[2], all[3])
            : null;
    }

    /// <summary>The objects of the last run with at least <paramref name="threshold"/>, in a
    /// picture of this size that lay at <paramref name="placement"/> in an input of that size.
    /// </summary>
    public Detection[] Read(
        float threshold,
        IReadOnlyList<string> labels,
        (int Width, int Height) picture,
        Placement placement,
        (int Width, int Height) input)
    {
        var found = new List<Detection>();
        ReadOnlySpan<float> corners = boxes.AsSpan<float>();
        var total = (int)Math.Clamp(count.AsSpan<float>()[0], 0, scores.Elements);
        for (var i = 0; i < total; i++)
        {
            var score = scores.AsSpan<float>()[i];
            if (!(score >= threshold))
            {
                continue;
            }

            var index = (int)classes.AsSpan<float>()[i];
            float X(float x) =>
                ((x * input.Width) - placement.Left) / placement.Width * picture.Width;
            float Y(float y) =>
                ((y * input.Height) - placement.Top) / placement.Height * picture.Height;
            found.Add(new Detection(
                index, score, Ranking.LabelOf(index, labels),
                X(corners[(4 * i) + 1]), Y(corners[4 * i]),
                X(corners[(4 * i) + 3]), Y(corners[(4 * i) + 2])));
        }

        return [.. found];
    }
}
