using ConsoleAppFramework;
using EdgeDL.Bench.Compare;
using EdgeDL.Graphs;

namespace EdgeDL.Bench.Generated;

sealed class GenerateCommand
{
    /// <summary>Write the generated models as .edl files.</summary>
    /// <param name="directory">Where to; made if it is not there.</param>
    [Command("generate")]
    public int Generate([Argument] string directory) => Exit.Guard(() =>
    {
        Directory.CreateDirectory(directory);
        foreach (BenchModel source in GeneratedModels.All())
        {
            using Model model = source.Open();
            string path = Path.Combine(directory, $"{source.Name}.edl");
            model.Save(path);
            Console.WriteLine(path);
        }

        return Exit.Ok;
    });
}
