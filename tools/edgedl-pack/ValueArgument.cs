using System.Globalization;

namespace EdgeDL.Pack;

/// <summary>Reads <c>NAME=1,3,224</c>, several with ';' between.</summary>
static class ValueArgument
{
    public static Dictionary<string, double[]> Parse(string? text)
    {
        var values = new Dictionary<string, double[]>();
        foreach (string entry in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = entry.LastIndexOf('=');
            string[] parts = equals < 0 ? [] : entry[(equals + 1)..].Split(',');
            double[] numbers = new double[parts.Length];
            bool good = parts.Length > 0;
            for (int i = 0; i < parts.Length; i++)
            {
                good &= double.TryParse(
                    parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]);
            }

            if (!good)
            {
                throw new UsageException(
                    $"--input-value '{entry}' is not of the form NAME=1,3,224");
            }

            values[entry[..equals]] = numbers;
        }

        return values;
    }
}
