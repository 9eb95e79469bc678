using System.Globalization;

namespace EdgeDL.Pack;

/// <summary>Reads <c>batch=1</c>, several with ';' between.</summary>
static class DimensionArgument
{
    public static Dictionary<string, int> Parse(string? text)
    {
        var dimensions = new Dictionary<string, int>();
        foreach (string entry in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = entry.LastIndexOf('=');
            if (equals < 1 || !int.TryParse(entry.AsSpan(equals + 1), NumberStyles.None,
                CultureInfo.InvariantCulture, out int extent) || extent < 1)
            {
                throw new UsageException($"--dim '{entry}' is not of the form NAME=128");
            }

            if (!dimensions.TryAdd(entry[..equals], extent)
                && dimensions[entry[..equals]] != extent)
            {
                throw new UsageException($"--dim says twice what '{entry[..equals]}' is");
            }
        }

        return dimensions;
    }
}
