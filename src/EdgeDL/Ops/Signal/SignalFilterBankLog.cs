using EdgeDL.Execution;
using EdgeDL.Kernels.Signal;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>y = min(ln(x · 2^correctionBits) · scale, 32767): uint32 to int16.</summary>
/// <remarks>TensorFlow Lite Micro signal library, SignalFilterBankLog.</remarks>
public sealed unsafe class SignalFilterBankLog(int correctionBits, int scale)
    : Op, IOp<SignalFilterBankLog>
{
    public static OpCode Code => OpCode.SignalFilterBankLog;

    public override OpCode OpCode => Code;

    /// <summary>Bits by which the input is shifted up first.</summary>
    public int CorrectionBits => correctionBits;

    /// <summary>Steps of the output in one unit of the natural logarithm.</summary>
    public int Scale => scale;

    public static SignalFilterBankLog Read(ref AttributeReader a) => new(a.Int(0, 31), a.Int());

    public override void Write(ref AttributeWriter a)
    {
        a.Int(correctionBits);
        a.Int(scale);
    }

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        MovementRules.Type(c, 0, DType.UInt32);
        c.SetOutput(0, DType.Int16, c.Input(0).Shape);
    }

    public override Step? Prepare(PrepareContext c)
    {
        ushort* table = c.Pack<ushort>(FixedLog.TableLength);
        FixedLog.FillTable(new Span<ushort>(table, FixedLog.TableLength));
        return new LogStep(c.Input(0), correctionBits, (uint)scale, table, c.Output(0));
    }

    sealed class LogStep(TensorView x, int bits, uint scale, ushort* table, TensorView y) : Step
    {
        public override void Run() => FixedFrontEnd.Log(
            x.AsSpan<uint>(), bits, scale,
            new ReadOnlySpan<ushort>(table, FixedLog.TableLength), y.AsSpan<short>());
    }
}
