using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Cuts streams of int16 samples into overlapping frames: each step of new samples gives one frame
/// of the newest. Outputs: frames, and whether all of them are there (at first they are not, and
/// are zero). Samples and their count live in two variables.
/// </summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalFramer.</remarks>
public sealed class SignalFramer(int frameSize, int frameStep, int samples, int count)
    : Op, IOp<SignalFramer>
{
    const int Most = 1 << 20;

    public static OpCode Code => OpCode.SignalFramer;

    public override OpCode OpCode => Code;

    /// <summary>Samples of a frame.</summary>
    public int FrameSize => frameSize;

    /// <summary>Samples from one frame's start to the next.</summary>
    public int FrameStep => frameStep;

    /// <summary>The samples that each stream must hold between runs.</summary>
    public static int Capacity(int frameSize, int frameStep) =>
        (frameSize + frameStep - 1) / frameStep * frameStep;

    public static SignalFramer Read(ref AttributeReader a) =>
        new(a.Int(1, Most), a.Int(1, Most), a.Int(), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(frameSize);
        a.Int(frameStep);
        a.Int(samples);
        a.Int(count);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 2);
        MovementRules.Type(c, 0, DType.Int16);
        Shape x = c.Input(0).Shape;
        if (x.Rank == 0 || x[-1] == 0 || x[-1] % frameStep != 0)
        {
            c.Fail($"{x} does not hold whole steps of {frameStep} samples");
        }

        long streams = x.Product(0, x.Rank - 1);
        SignalRules.Variable(
            c, samples, DType.Int16, streams * Capacity(frameSize, frameStep));
        SignalRules.Variable(c, count, DType.Int32, streams);
        ReadOnlySpan<int> outer = x.Dims[..^1];
        c.SetOutput(
            0, DType.Int16, MovementRules.Shape(c, [.. outer, x[-1] / frameStep, frameSize]));
        c.SetOutput(1, DType.Bool, Shape.Scalar);
    }

    public override Step? Prepare(PrepareContext c) => new FramerStep(
        c.Name, c.Input(0), frameSize, frameStep, c.Variable(samples), c.Variable(count),
        c.Output(0), c.Output(1));

    sealed class FramerStep(
        string name, TensorView x, int frameSize, int frameStep, TensorView held,
        TensorView count, TensorView y, TensorView valid) : Step
    {
        readonly int streams = x.Shape.Product(0, x.Shape.Rank - 1);
        readonly int frames = x.Shape[-1] / frameStep;
        readonly int capacity = Capacity(frameSize, frameStep);

        public override void Run()
        {
            bool all = true;
            for (int s = 0; s < streams; s++)
            {
                ref int filled = ref count.AsSpan<int>()[s];
                Span<short> own = held.AsSpan<short>().Slice(s * capacity, capacity);
                for (int f = s * frames; f < (s + 1) * frames; f++)
                {
                    if ((uint)filled > (uint)(capacity - frameStep))
                    {
                        DataRangeException.Throw(name, "held samples are out of range", filled);
                    }

                    all &= SampleStream.Frame(
                        x.AsSpan<short>().Slice(f * frameStep, frameStep), own, ref filled,
                        y.AsSpan<short>().Slice(f * frameSize, frameSize));
                }
            }

            valid.AsSpan<bool>()[0] = all;
        }
    }
}
