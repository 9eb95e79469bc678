using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Joins overlapping frames [.., frames, size] to a stream [.., frames · step] by adding where they
/// overlap; int16 (saturating) or fp32. What is not yet complete lives in a variable.
/// </summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalOverlapAdd.</remarks>
public sealed class SignalOverlapAdd(int frameStep, int variable) : Op, IOp<SignalOverlapAdd>
{
    public static OpCode Code => OpCode.SignalOverlapAdd;

    public override OpCode OpCode => Code;

    /// <summary>Samples from one frame's start to the next.</summary>
    public int FrameStep => frameStep;

    public static SignalOverlapAdd Read(ref AttributeReader a) =>
        new(a.Int(1, 1 << 24), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(frameStep);
        a.Int(variable);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (x.DType is not (DType.Int16 or DType.Float32))
        {
            c.Fail($"takes Int16 or Float32, not {x.DType}");
        }

        if (x.Shape.Rank < 2 || x.Shape[-1] < frameStep)
        {
            c.Fail($"{x.Shape} does not hold frames of at least {frameStep} samples");
        }

        long streams = x.Shape.Product(0, x.Shape.Rank - 2);
        SignalRules.Variable(c, variable, x.DType, streams * x.Shape[-1]);
        long samples = (long)x.Shape[-2] * frameStep;
        if (samples > int.MaxValue)
        {
            c.Fail($"would give {samples} samples");
        }

        ReadOnlySpan<int> outer = x.Shape.Dims[..^2];
        c.SetOutput(0, x.DType, MovementRules.Shape(c, [.. outer, (int)samples]));
    }

    public override Step? Prepare(PrepareContext c) =>
        new OverlapStep(c.Input(0), frameStep, c.Variable(variable), c.Output(0));

    sealed class OverlapStep(TensorView x, int step, TensorView held, TensorView y) : Step
    {
        readonly int frames = x.Shape.Product(0, x.Shape.Rank - 1);
        readonly int framesOfStream = x.Shape[-2];
        readonly int size = x.Shape[-1];

        public override void Run()
        {
            for (int f = 0; f < frames; f++)
            {
                int stream = f / framesOfStream;
                if (x.DType == DType.Int16)
                {
                    SampleStream.OverlapAdd(
                        x.AsSpan<short>().Slice(f * size, size),
                        held.AsSpan<short>().Slice(stream * size, size),
                        y.AsSpan<short>().Slice(f * step, step));
                }
                else
                {
                    SampleStream.OverlapAdd(
                        x.AsSpan<float>().Slice(f * size, size),
                        held.AsSpan<float>().Slice(stream * size, size),
                        y.AsSpan<float>().Slice(f * step, step));
                }
            }
        }
    }
}
