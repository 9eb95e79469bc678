using System.Globalization;

namespace EdgeDL.Testing;

/// <summary>One tensor of a golden model: its name (in0, out0, …), dtype word and shape.</summary>
public sealed record GoldenTensor(string Model, string Name, string DType, int[] Shape)
{
    public int Elements => Shape.Aggregate(1, (a, b) => a * b);

    public bool IsInput => Name.StartsWith("in", StringComparison.Ordinal);

    /// <summary>Raw little-endian bytes of this tensor in one of the four golden cases.</summary>
    public byte[] Bytes(int index) => Assets.Bytes($"golden/{Model}/{index}_{Name}.bin");
}

/// <summary>A model with recorded inputs and outputs.</summary>
public sealed record GoldenModel(
    string Name, IReadOnlyList<GoldenTensor> Inputs, IReadOnlyList<GoldenTensor> Outputs)
{
    /// <summary>Every golden model has this many recorded cases.</summary>
    public const int Cases = 4;

    public bool IsInteger => Outputs.All(o => o.DType != "float32");

    public string TflitePath => Assets.Tflite(Name);

    public override string ToString() => Name;
}

/// <summary>golden/index.csv: model, tensor, dtype, shape.</summary>
public static class IndexCsv
{
    /// <summary>All golden models in the order of the file; empty without the assets.</summary>
    public static IReadOnlyList<GoldenModel> Models { get; } = Read();

    public static GoldenModel Model(string name)
    {
        return Models.FirstOrDefault(m => m.Name == name)
            ?? throw new ArgumentException($"golden/index.csv has no model {name}");
    }

    static GoldenModel[] Read()
    {
        if (!Assets.Present)
        {
            return [];
        }

        IEnumerable<GoldenTensor> tensors = File.ReadLines(Assets.PathOf("golden/index.csv"))
            .Skip(1)
            .Where(line => line.Length > 0)
            .Select(Parse);
        return [.. tensors.GroupBy(t => t.Model).Select(g => new GoldenModel(
            g.Key, [.. g.Where(t => t.IsInput)], [.. g.Where(t => !t.IsInput)]))];
    }

    static GoldenTensor Parse(string line)
    {
        string[] cells = line.Split(',');
        int[] shape = [.. cells[3].Split('x').Select(
            n => int.Parse(n, CultureInfo.InvariantCulture))];
        return new GoldenTensor(cells[0], cells[1], cells[2], shape);
    }
}

/// <summary>Rows of the other golden tables: a name, an optional label, then numbers.</summary>
public static class GoldenRows
{
    /// <summary>Rows of a file such as golden/kws_int8_500.csv: cells as text.</summary>
    public static IEnumerable<string[]> Read(string relative)
    {
        return File.ReadLines(Assets.PathOf(relative))
            .Where(line => line.Length > 0)
            .Select(line => line.Split(','));
    }

    /// <summary>The cells from this one on, as numbers.</summary>
    public static float[] Numbers(string[] cells, int first)
    {
        return [.. cells.Skip(first).Select(c => float.Parse(c, CultureInfo.InvariantCulture))];
    }
}
