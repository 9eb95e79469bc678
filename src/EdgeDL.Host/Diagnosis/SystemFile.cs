using System.Globalization;

namespace EdgeDL.Host.Diagnosis;

/// <summary>The kernel's small text files; one that is missing or closed to us is empty.</summary>
static class SystemFile
{
    public static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static string FirstLine(string path) => Lines(path) is [var first, ..] ? first : "";

    /// <summary>The number in a file, or null.</summary>
    public static long? Number(string path) =>
        long.TryParse(FirstLine(path), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    /// <summary>The field of a "name: value" table such as /proc/meminfo, or nothing.</summary>
    public static string Field(string path, string name)
    {
        foreach (var line in Lines(path))
        {
            var colon = line.IndexOf(':');
            if (colon > 0 && line.AsSpan(0, colon).Trim().SequenceEqual(name))
            {
                return line[(colon + 1)..].Trim();
            }
        }

        return "";
    }
}
