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
/// The four outputs of a detection post-process: boxes [1, N, 4] as top, left, bottom, right from
/// 0 to 1; classes [1, N]; scores [1, N]; count [1].
/// </summary>
public sealed class Detections
{
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

        return null;
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
