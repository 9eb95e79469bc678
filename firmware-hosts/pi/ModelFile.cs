using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Pi;

static class ModelFile
{
    /// <summary>Loads a model; a missing file is the command line's fault, not the model's.
    /// </summary>
    public static Model Load(string path) => Load(path, WeightCheck.WhileLoading);

    /// <inheritdoc cref="Load(string)"/>
    public static Model Load(string path, WeightCheck check)
    {
        if (Directory.Exists(path))
        {
            throw new UsageException($"{path}: is a directory; name an .edl file");
        }

        if (!File.Exists(path))
        {
            throw new UsageException($"{path}: does not exist; check the path");
        }

        try
        {
            return Model.Load(path, OpSet.All, check);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: cannot be read; check its permissions");
        }
        catch (InvalidModelException e) when (path.EndsWith(".tflite", StringComparison.Ordinal))
        {
            throw new InvalidModelException(
                path, e.Finding, $"pack it first: edgedl-pack convert {path}");
        }
        catch (InvalidModelException e)
        {
            throw At(path, e);
        }
    }

    /// <summary>Compares the hashes that <see cref="HashMode.Lazy"/> put off.</summary>
    public static void Verify(string path, Model model)
    {
        try
        {
            model.VerifyWeights();
        }
        catch (InvalidModelException e)
        {
            throw At(path, e);
        }
    }

    static InvalidModelException At(string path, InvalidModelException e) =>
        new($"{path}: {e.Place}", e.Finding, e.Remedy);

    public static int CheckThreads(int threads) => threads is >= 1 and <= 64
        ? threads
        : throw new UsageException($"--threads {threads}: give 1 to 64");
}
