using System.Globalization;
using EdgeDL.Convert.Detect;
using EdgeDL.Graphs;

namespace EdgeDL.Pack;

/// <summary>Reads <c>fastestdet,score=0.5,overlap=0.45,most=20</c>.</summary>
static class DetectArgument
{
    /// <summary>Puts the detector's decoding behind the model.</summary>
    public static void Apply(string text, Model model)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        if (!DetectionHead.Names.Contains(words[0]))
        {
            throw new UsageException($"--detect '{words[0]}': known are "
                + string.Join(", ", DetectionHead.Names));
        }

        DetectionLimits limits = DetectionHead.DefaultsOf(words[0]);
        foreach (string word in words[1..])
        {
            string[] pair = word.Split('=', 2);
            limits = pair[0] switch
            {
                "most" => limits with { Most = (int)Number(pair, word, 1, 10_000) },
                "score" => limits with { Score = Number(pair, word, 0, 1) },
                "overlap" => limits with { Overlap = Number(pair, word, 0, 1) },
                _ => throw new UsageException(
                    $"--detect '{word}': known are most=, score=, overlap="),
            };
        }

        DetectionHead.Append(model, words[0], limits);
    }

    static float Number(string[] pair, string word, float low, float high) =>
        pair.Length == 2
            && float.TryParse(pair[1], CultureInfo.InvariantCulture, out float value)
            && value >= low && value <= high
            ? value
            : throw new UsageException($"--detect '{word}' is not from {low} to {high}");
}
