using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y[c] = Σ weight · x over the bins of channel c and Σ (1 − weight) · x over its left neighbour's:
/// uint32 energies to uint64 channels. Inputs: energies, weights, unweights, first bin, first
/// weight and width of each channel (one more than channels); the tables are constants.
/// </summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalFilterBank.</remarks>
public sealed class SignalFilterBank(int channels) : Op, IOp<SignalFilterBank>
{
    public static OpCode Code => OpCode.SignalFilterBank;

    public override OpCode OpCode => Code;

    /// <summary>How many channels come out.</summary>
    public int Channels => channels;

    public static SignalFilterBank Read(ref AttributeReader a) => new(a.Int(1, 4096));

    public override void Write(ref AttributeWriter a) => a.Int(channels);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 6, outputs: 1);
        MovementRules.Type(c, 0, DType.UInt32);
        if (channels is < 1 or > 4096)
        {
            c.Fail($"gives {channels} channels, 1 to 4096 are possible");
        }

        for (int i = 1; i < 6; i++)
        {
            MovementRules.Type(c, i, DType.Int16);
            if (!c.Input(i).IsConstant || (i > 2 && c.Input(i).Shape.Elements != channels + 1))
            {
                c.Fail($"input {i} must be a constant table for {channels} channels");
            }
        }

        ReadOnlySpan<short> bins = c.Input(3).Constant<short>();
        ReadOnlySpan<short> weights = c.Input(4).Constant<short>();
        ReadOnlySpan<short> widths = c.Input(5).Constant<short>();
        int most = Math.Min(c.Input(1).Shape.Elements, c.Input(2).Shape.Elements);
        for (int i = 0; i <= channels; i++)
        {
            bool inside = widths[i] == 0 || (bins[i] >= 0 && weights[i] >= 0
                && bins[i] + widths[i] <= c.Input(0).Shape.Elements
                && weights[i] + widths[i] <= most);
            if (widths[i] < 0 || !inside)
            {
                c.Fail($"channel {i} reads {widths[i]} bins from {bins[i]} and weights from "
                    + $"{weights[i]}, outside of {c.Input(0).Shape.Elements} bins or {most} "
                        + "weights");
            }
        }

        c.SetOutput(0, DType.UInt64, new Shape(channels));
    }

    public override Step? Prepare(PrepareContext c) => new BankStep(
        c.Input(0), c.Input(1), c.Input(2), c.Input(3), c.Input(4), c.Input(5), c.Output(0));

    sealed class BankStep(
        TensorView x, TensorView weights, TensorView unweights, TensorView bins,
        TensorView starts, TensorView widths, TensorView y) : Step
    {
        public override void Run() => FixedFrontEnd.FilterBank(
            x.AsSpan<uint>(), weights.AsSpan<short>(), unweights.AsSpan<short>(),
            bins.AsSpan<short>(), starts.AsSpan<short>(), widths.AsSpan<short>(),
            y.AsSpan<ulong>());
    }
}
