using EdgeDL.Bench.Generated;

namespace EdgeDL.Bench.Compare;

/// <summary>Which models are measured.</summary>
static class ModelList
{
    const string AssetsVariable = "EDGEDL_ASSETS";

    /// <summary>The models of files and of directories, with all below them.</summary>
    public static List<BenchModel> Named(IEnumerable<string> paths)
    {
        var models = new List<BenchModel>();
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                int before = models.Count;
                models.AddRange(Below(path));
                if (models.Count == before)
                {
                    throw new BenchException(
                        $"{path}: has no .edl, .tflite or .onnx files", Exit.Usage);
                }
            }
            else if (!File.Exists(path))
            {
                throw new BenchException($"{path}: does not exist; check the path", Exit.Usage);
            }
            else if (!BenchModel.IsModel(path))
            {
                throw new BenchException(
                    $"{path}: is no model; .edl, .tflite and .onnx files are", Exit.Usage);
            }
            else
            {
                models.Add(BenchModel.OfFile(path));
            }
        }

        return models;
    }

    /// <summary>Published models where they are found, and those that are generated.</summary>
    public static List<BenchModel> Default(Action<string> say)
    {
        var models = new List<BenchModel>();
        if (Assets() is { } assets)
        {
            models.AddRange(Below(assets));
            if (models.Find(m => m.Name == FloatKws.From) is { } dynamicRange)
            {
                models.Add(FloatKws.Of(dynamicRange));
            }
        }
        else
        {
            say($"no published models: put them in ../shared/assets, or say in {AssetsVariable} "
                + "where they are");
        }

        models.AddRange(GeneratedModels.All());
        return models;
    }

    static IEnumerable<BenchModel> Below(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(BenchModel.IsModel)
            .Order(StringComparer.Ordinal)
            .Select(BenchModel.OfFile);

    static string? Assets()
    {
        string? named = Environment.GetEnvironmentVariable(AssetsVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named)
                ? named
                : throw new BenchException(
                    $"{AssetsVariable}: there is no folder '{named}'", Exit.Usage);
        }

        string beside = Path.Combine("..", "shared", "assets");
        return Directory.Exists(beside) ? beside : null;
    }
}
