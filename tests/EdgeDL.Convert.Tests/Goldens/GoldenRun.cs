using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using EdgeDL.Convert.Passes;
using EdgeDL.Convert.Tflite;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Goldens;

/// <summary>How a golden model is brought to run.</summary>
public enum Route
{
    /// <summary>As imported: no pass has touched it.</summary>
    Imported,

    /// <summary>All passes, then written to and read from an .edl file; two threads.</summary>
    Packed,
}

/// <summary>Opens converted models and compares what they compute.</summary>
static class GoldenRun
{
    // Conversion takes longer than a run, and a model serves several tests.
    static readonly ConcurrentDictionary<(string, Route), byte[]> Packed = new();

    public static Session Open(string tflite, Route route)
    {
        byte[] edl = Packed.GetOrAdd((tflite, route), static key =>
        {
            using Model model = TfliteImporter.Import(key.Item1, new ImportOptions());
            if (key.Item2 == Route.Packed)
            {
                PassPipeline.Run(model, log: null);
            }

            return model.ToBytes();
        });
        Model loaded = Model.Load(edl, OpSet.All);
        return new Session(loaded, new SessionOptions { Threads = route == Route.Packed ? 2 : 1 });
    }

    public static void Fill(Session session, int input, ReadOnlySpan<byte> bytes)
    {
        Span<byte> into = session.Input(input).AsBytes();
        Assert.Equal(into.Length, bytes.Length);
        bytes.CopyTo(into);
    }

    /// <summary>Integers to the bit; floats as <see cref="FloatJudge"/> demands.</summary>
    public static void Same(
        ReadOnlySpan<byte> expected, TensorView actual, FloatJudge judge, string what)
    {
        Assert.Equal(expected.Length, actual.Bytes);
        if (actual.DType == DType.Float32)
        {
            judge.Close(MemoryMarshal.Cast<byte, float>(expected), actual.AsSpan<float>(), what);
        }
        else
        {
            Check.Same(expected, actual.AsBytes(), what);
        }
    }

    public static int Top(ReadOnlySpan<float> values)
    {
        int top = 0;
        for (int i = 1; i < values.Length; i++)
        {
            top = values[i] > values[top] ? i : top;
        }

        return top;
    }

    /// <summary>A row of a golden table against an output, as numbers.</summary>
    public static void SameRow(
        string[] cells, int first, TensorView actual, FloatJudge judge, string what)
    {
        if (actual.DType == DType.Float32)
        {
            judge.Close(GoldenRows.Numbers(cells, first), actual.AsSpan<float>(), what);
            return;
        }

        Span<byte> bytes = actual.AsBytes();
        Assert.Equal(bytes.Length, cells.Length - first);
        var expected = new byte[bytes.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = unchecked(
                (byte)int.Parse(cells[first + i], CultureInfo.InvariantCulture));
        }

        Check.Same<byte>(expected, bytes, what);
    }
}
