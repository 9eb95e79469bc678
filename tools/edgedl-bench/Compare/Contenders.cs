using EdgeDL.Bench.Timing;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Tensors;

namespace EdgeDL.Bench.Compare;

/// <summary>Our engine on fixed inputs.</summary>
sealed class OurContender : IContender, IDisposable
{
    readonly byte[][] inputs;

    public OurContender(Model model, int threads)
    {
        Session = new Session(model, new SessionOptions { Threads = threads });
        inputs = new byte[Session.InputCount][];
        var random = new Random(1);
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = RandomInput.Of(Session.Input(i), random);
        }
    }

    public Session Session { get; }

    public IReadOnlyList<byte[]> Inputs => inputs;

    /// <summary>False if the last run gave no answer, as streaming models may.</summary>
    public bool Answered { get; private set; }

    public void Fill()
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i].CopyTo(Session.Input(i).AsBytes());
        }
    }

    public void Run() => Answered = Session.Run();

    public void Dispose() => Session.Dispose();
}

/// <summary>ONNX Runtime on the same inputs, in the form that its model takes.</summary>
sealed class OrtContender(OrtBoundModel model, byte[][] inputs) : IContender, IDisposable
{
    public OrtBoundModel Model => model;

    public void Fill()
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i].CopyTo(model.Input(i));
        }
    }

    public void Run() => model.Run();

    public void Dispose() => model.Dispose();
}

/// <summary>Inputs of any type, the same in every run of this program.</summary>
static class RandomInput
{
    /// <summary>Floats in −1 … 1, bytes of any value, zeros for wider integers: they may be
    /// indices.</summary>
    public static byte[] Of(TensorView input, Random random)
    {
        var bytes = new byte[input.Bytes];
        switch (input.DType)
        {
            case DType.Float32:
                for (int i = 0; i < bytes.Length; i += sizeof(float))
                {
                    BitConverter.TryWriteBytes(
                        bytes.AsSpan(i), (random.NextSingle() * 2) - 1);
                }

                break;
            case DType.Int8 or DType.UInt8 or DType.Int16:
                random.NextBytes(bytes);
                break;
        }

        return bytes;
    }
}
