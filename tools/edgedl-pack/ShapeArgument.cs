using EdgeDL.Tensors;

namespace EdgeDL.Pack;

/// <summary>Reads <c>NAME=1x224x224x3</c>, several with ';' between.</summary>
static class ShapeArgument
{
    public static Dictionary<string, int[]> Parse(string? text)
    {
        var shapes = new Dictionary<string, int[]>();
        foreach (string entry in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = entry.LastIndexOf('=');
            string[] parts = equals < 0 ? [] : entry[(equals + 1)..].Split('x');
            int[] dims = new int[parts.Length];
            bool good = parts.Length > 0;
            for (int i = 0; i < parts.Length; i++)
            {
                good &= int.TryParse(parts[i], out dims[i]) && dims[i] > 0;
            }

            if (!good || Shape.Problem(dims) is not null)
            {
                throw new UsageException(
                    $"--input-shape '{entry}' is not of the form NAME=1x224x224x3");
            }

            shapes[entry[..equals]] = dims;
        }

        return shapes;
    }
}
