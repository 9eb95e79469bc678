using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Pack.Verify;

/// <summary>
/// Runs a model on a folder of golden files, I_inK.bin and I_outK.bin, in order and in one
/// session, so that state carries over.
/// </summary>
static class GoldenCheck
{
    /// <summary>True if every output is within the limits.</summary>
    public static bool Run(Model model, string folder, Limits limits, int threads)
    {
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"there is no folder '{folder}'");
        }

        using var session = new Session(model, new SessionOptions { Threads = threads });
        bool good = true;
        int run = 0;
        for (; Has(folder, run); run++)
        {
            for (int i = 0; i < session.InputCount; i++)
            {
                TensorView input = session.Input(i);
                Read(folder, $"{run}_in{i}.bin", input).CopyTo(input.AsBytes());
            }

            session.Run();
            for (int o = 0; o < session.OutputCount; o++)
            {
                TensorView output = session.Output(o);
                Comparison c = Comparison.Of(output, Read(folder, $"{run}_out{o}.bin", output));
                bool within = c.Within(limits);
                good &= within;
                Console.WriteLine($"{(within ? "ok  " : "FAIL")} run {run} output {o} "
                    + $"'{output.Name}': {c}");
            }
        }

        if (run == 0)
        {
            throw new UsageException(
                $"'{folder}' has no 0_in0.bin: golden files are I_inK.bin and I_outK.bin");
        }

        return good;
    }

    /// <summary>True if there are files for this run.</summary>
    public static bool Has(string folder, int run) =>
        File.Exists(Path.Combine(folder, $"{run}_in0.bin"));

    /// <summary>The bytes of a file, which are as many as a tensor's.</summary>
    public static byte[] Read(string folder, string name, TensorView tensor)
    {
        string path = Path.Combine(folder, name);
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length != tensor.Bytes)
        {
            throw new UsageException(
                $"'{path}' has {bytes.Length} bytes, '{tensor.Name}' ({tensor.DType} "
                    + $"{tensor.Shape}) takes {tensor.Bytes}");
        }

        return bytes;
    }
}
