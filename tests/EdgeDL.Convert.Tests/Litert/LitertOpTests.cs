using System.IO.Compression;
using System.Runtime.InteropServices;
using EdgeDL.Convert.Tflite;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Litert;

/// <summary>
/// Models of one op each, with inputs and what LiteRT 2.5.3 (WebAssembly, XNNPACK) gave for them.
/// Integer ops stand between QUANTIZE and DEQUANTIZE, so their outputs must be equal bit for bit;
/// ops on floats within 10⁻⁵. A case is a folder of the archive: model.tflite, in0.bin …, out0.bin
/// …; cases with several runs have in0.run0.bin and so on.
/// </summary>
public sealed class LitertOpTests
{
    const string Archive = "reduce-ops.zip";

    public static TheoryData<string> Names()
    {
        using ZipArchive archive = Open();
        var names = new TheoryData<string>();
        foreach (string name in archive.Entries.Select(e => e.FullName.Split('/')[0]).Distinct())
        {
            names.Add(name);
        }

        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Equals_LiteRT(string name)
    {
        using ZipArchive archive = Open();
        using Model model = TfliteImporter.Import(
            Bytes(archive, $"{name}/model.tflite"), new ImportOptions());
        using var session = new Session(model);
        bool once = archive.GetEntry($"{name}/in0.run0.bin") is null;
        for (int run = 0; once ? run < 1 : Has(archive, $"{name}/in0.run{run}.bin"); run++)
        {
            string ending = once ? ".bin" : $".run{run}.bin";
            for (int i = 0; i < session.InputCount; i++)
            {
                Bytes(archive, $"{name}/in{i}{ending}").CopyTo(session.Input(i).AsBytes());
            }

            session.Run();
            for (int o = 0; o < session.OutputCount; o++)
            {
                Compare(name, session.Output(o), Bytes(archive, $"{name}/out{o}{ending}"));
            }
        }
    }

    static void Compare(string name, TensorView actual, byte[] expected)
    {
        bool isFloatOp = name.Contains("f32") || name.StartsWith("lrn", StringComparison.Ordinal)
            || name.StartsWith("cumsum", StringComparison.Ordinal);
        if (isFloatOp && actual.DType == DType.Float32)
        {
            Check.Near(
                MemoryMarshal.Cast<byte, float>(expected), actual.AsSpan<float>(), 1e-5, 1e-7,
                    name);
        }
        else
        {
            Check.Same<byte>(expected, actual.AsBytes(), name);
        }
    }

    static ZipArchive Open() => new(
        typeof(LitertOpTests).Assembly.GetManifestResourceStream(Archive)
        ?? throw new FileNotFoundException($"{Archive} is not embedded"));

    static bool Has(ZipArchive archive, string name) => archive.GetEntry(name) is not null;

    static byte[] Bytes(ZipArchive archive, string name)
    {
        ZipArchiveEntry entry = archive.GetEntry(name)
            ?? throw new FileNotFoundException($"{name} is not in {Archive}");
        using Stream from = entry.Open();
        var bytes = new byte[entry.Length];
        from.ReadExactly(bytes);
        return bytes;
    }
}
