using EdgeDL.Convert;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Testing;

namespace EdgeDL.AotSmoke;

/// <summary>
/// Converts, packs, loads and runs every .tflite file of the assets, compares integer outputs
/// with their goldens and prints a digest of each.
/// </summary>
static class ModelRuns
{
    public static void Print(Report report)
    {
        if (!Assets.Present)
        {
            Console.WriteLine(Assets.SkipReason);
            return;
        }

        foreach (string file in Assets.TfliteModels())
        {
            string name = Path.GetFileNameWithoutExtension(file);
            try
            {
                Run(name, Assets.PathOf(file));
                report.Pass();
            }
            catch (Exception e)
            {
                report.Fail($"model {name}", $"{e.GetType().Name}: {e.Message}");
            }
        }
    }

    static void Run(string name, string path)
    {
        byte[] packed;
        using (Model converted = Converter.Convert(path, new ImportOptions()))
        {
            packed = converted.ToBytes();
        }

        using Model model = Model.Load(packed, OpSet.All);
        using var session = new Session(model, new SessionOptions { Threads = 2 });
        GoldenModel? golden = IndexCsv.Models.FirstOrDefault(
            m => m.Name == name && !IsUnwritten(name));
        for (int i = 0; i < session.InputCount; i++)
        {
            Span<byte> bytes = session.Input(i).AsBytes();
            if (golden is not null)
            {
                golden.Inputs[i].Bytes(0).CopyTo(bytes);
            }
            else
            {
                new Random(i).NextBytes(bytes);
            }
        }

        session.Run();
        for (int o = 0; o < session.OutputCount; o++)
        {
            if (session.Output(o).DType == Tensors.DType.Float32)
            {
                continue;
            }

            byte[] output = session.Output(o).AsBytes().ToArray();
            OutputDigests.Print($"{name}.{o}", output);
            if (golden is not null)
            {
                Check.Same<byte>(golden.Outputs[o].Bytes(0), output, $"{name} output {o}");
            }
        }
    }

    // LiteRT has no signal ops: what was recorded for these models is memory nobody had written.
    static bool IsUnwritten(string name)
    {
        return name.StartsWith("audio_preprocessor", StringComparison.Ordinal);
    }
}
