using System.Collections.Concurrent;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Models;

/// <summary>The .edl bytes of every .tflite file of the assets, converted once.</summary>
static class PackedModels
{
    static readonly ConcurrentDictionary<string, Lazy<byte[]>> packed = new();

    /// <summary>
    /// Names (no folder, no ending) of all models; one placeholder without assets.
    /// </summary>
    public static TheoryData<string> Names()
    {
        return Data(Assets.TfliteModels().Select(f => Path.GetFileNameWithoutExtension(f)!));
    }

    /// <summary>The bytes that edgedl-pack would write.</summary>
    public static byte[] Bytes(string name)
    {
        return packed.GetOrAdd(name, n => new Lazy<byte[]>(() => Pack(n))).Value;
    }

    public static Model Load(string name) => Model.Load(Bytes(name), OpSet.All);

    /// <summary>Fills the inputs with what they might hold: small floats, any integers.</summary>
    public static void Fill(Session session, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < session.InputCount; i++)
        {
            if (session.Input(i).DType == Tensors.DType.Float32)
            {
                foreach (ref float x in session.Input(i).AsSpan<float>())
                {
                    x = random.NextSingle();
                }
            }
            else
            {
                random.NextBytes(session.Input(i).AsBytes());
            }
        }
    }

    public static byte[] Output(Session session, int i) => session.Output(i).AsBytes().ToArray();

    static byte[] Pack(string name)
    {
        using Model model = Converter.Convert(Assets.Tflite(name), new ImportOptions());
        return model.ToBytes();
    }

    // A theory without data fails; without assets it has one row, and is skipped.
    static TheoryData<string> Data(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return new TheoryData<string>(all.Length > 0 ? all : ["no assets"]);
    }
}
