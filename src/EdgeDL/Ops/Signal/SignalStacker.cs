using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// Joins the newest left + 1 + right frames of int16 channels to one, every step frames. Outputs:
/// the joined frames, and whether there are enough of them (zero if not). The first frame counts
/// left + 1 times. Frames and their count (−1 before the first) live in two variables.
/// </summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalStacker.</remarks>
public sealed class SignalStacker(int left, int right, int step, int frames, int count)
    : Op, IOp<SignalStacker>
{
    const int Most = 1 << 20;

    public static OpCode Code => OpCode.SignalStacker;

    public override OpCode OpCode => Code;

    /// <summary>Frames before the middle one.</summary>
    public int Left => left;

    /// <summary>Frames after the middle one.</summary>
    public int Right => right;

    /// <summary>Frames dropped after each output.</summary>
    public int FrameStep => step;

    public static SignalStacker Read(ref AttributeReader a) =>
        new(a.Int(0, Most), a.Int(0, Most), a.Int(1, 2 * Most), a.Int(), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(left);
        a.Int(right);
        a.Int(step);
        a.Int(frames);
        a.Int(count);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 2);
        MovementRules.Type(c, 0, DType.Int16);
        long channels = c.Input(0).Shape.Elements;
        int stacked = left + 1 + right;
        if (step > stacked || channels == 0 || channels * stacked > int.MaxValue)
        {
            c.Fail($"can't stack {stacked} frames of {channels} channels every {step}");
        }

        SignalRules.Variable(c, frames, DType.Int16, channels * stacked);
        SignalRules.Variable(c, count, DType.Int32, 1);
        c.SetOutput(0, DType.Int16, new Shape((int)(channels * stacked)));
        c.SetOutput(1, DType.Bool, Shape.Scalar);
    }

    public override Step? Prepare(PrepareContext c) => new StackerStep(
        c.Name, c.Input(0), left, left + 1 + right, step, c.Variable(frames), c.Variable(count),
        c.Output(0), c.Output(1));

    sealed class StackerStep(
        string name, TensorView x, int left, int stacked, int step, TensorView held,
        TensorView count, TensorView y, TensorView valid) : Step
    {
        public override void Run()
        {
            Span<short> frame = x.AsSpan<short>();
            Span<short> all = held.AsSpan<short>();
            ref int filled = ref count.AsSpan<int>()[0];
            if (filled < -1 || filled >= stacked)
            {
                DataRangeException.Throw(name, "held frames are out of range", filled);
            }

            int times = filled < 0 ? left + 1 : 1;
            filled = Math.Max(filled, 0);
            for (int i = 0; i < times; i++)
            {
                frame.CopyTo(all[(filled++ * frame.Length)..]);
            }

            bool full = filled == stacked;
            valid.AsSpan<bool>()[0] = full;
            y.AsSpan<short>().Clear();
            if (full)
            {
                all.CopyTo(y.AsSpan<short>());
                all[(step * frame.Length)..].CopyTo(all);
                filled -= step;
            }
        }
    }
}
