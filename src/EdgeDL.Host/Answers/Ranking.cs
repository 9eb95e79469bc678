namespace EdgeDL.Host.Answers;

/// <summary>A class and how much the model holds of it.</summary>
public readonly record struct Ranked(int Index, float Score, string Label);

/// <summary>The best classes of a score vector.</summary>
public static class Ranking
{
    /// <summary>The <paramref name="count"/> highest scores, the highest first; equal ones by
    /// index.</summary>
    public static Ranked[] Top(ReadOnlySpan<float> scores, int count, IReadOnlyList<string> labels)
    {
        var order = new int[scores.Length];
        var keys = new float[scores.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            keys[i] = float.IsNaN(scores[i]) ? float.PositiveInfinity : -scores[i];
        }

        // A stable order needs the index in the comparison.
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a - b);
        var top = new Ranked[Math.Min(count, order.Length)];
        for (var i = 0; i < top.Length; i++)
        {
            var index = order[i];
            top[i] = new Ranked(index, scores[index], LabelOf(index, labels));
        }

        return top;
    }

    /// <summary>The name of a class, or nothing.</summary>
    public static string LabelOf(int index, IReadOnlyList<string> labels) =>
        index >= 0 && index < labels.Count ? labels[index] : "";
}
