using System.Text;

namespace EdgeDL.Devices.Media;

/// <summary>Class names, one a line; a leading number ("0 person") sets the line's index.
/// </summary>
public static class LabelFile
{
    const long LimitBytes = 4 << 20;
    const int LimitLabels = 1 << 20;

    /// <summary>The labels by index; indices without a name are empty.</summary>
    /// <exception cref="MediaException">Missing, unreadable or too large.</exception>
    public static string[] Load(string path)
    {
        var text = Encoding.UTF8.GetString(MediaFile.Read(path, LimitBytes));
        return Parse(text);
    }

    /// <summary>The labels in a text.</summary>
    public static string[] Parse(string text)
    {
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').TrimStart('\uFEFF').Split('\n');
        var numbered = lines.Length > 0 && Array.TrueForAll(lines, IsNumberedOrEmpty);
        if (!numbered)
        {
            return Array.ConvertAll(lines, line => line.Trim());
        }

        var labels = new List<string>();
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                continue;
            }

            var (index, name) = Split(line);
            while (labels.Count <= index)
            {
                labels.Add("");
            }

            labels[index] = name;
        }

        return [.. labels];
    }

    static bool IsNumberedOrEmpty(string line) => line.Length == 0 || Split(line).Index >= 0;

    static (int Index, string Name) Split(string line)
    {
        var trimmed = line.Trim();
        var end = trimmed.IndexOfAny([' ', '\t', ':', ',']);
        return end > 0
            && int.TryParse(trimmed.AsSpan(0, end), out var index)
            && index is >= 0 and < LimitLabels
                ? (index, trimmed[(end + 1)..].Trim())
                : (-1, "");
    }
}
