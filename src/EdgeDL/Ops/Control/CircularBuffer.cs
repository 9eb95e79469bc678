using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = the last slots of x, oldest first: a variable [1, slots, …] is shifted by one slot and x
/// [1, 1, …] put at its end. It starts at real zero.
/// </summary>
public sealed class CircularBuffer(int variable) : Op, IOp<CircularBuffer>
{
    public static OpCode Code => OpCode.CircularBuffer;

    public override OpCode OpCode => Code;

    /// <summary>The variable's id.</summary>
    public int Variable => variable;

    public static CircularBuffer Read(ref AttributeReader a) => new(a.Int());

    public override void Write(ref AttributeWriter a) => a.Int(variable);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        Variable buffer = c.Variable(variable);
        long bytes = buffer.Bytes;
        long slot = x.DType.Bytes(x.Shape.Elements);
        if (buffer.DType != x.DType || x.DType.Size() == 0 || slot == 0 || bytes % slot != 0
            || bytes == 0 || bytes > int.MaxValue)
        {
            c.Fail($"variable '{buffer.Name}' of {buffer.DType} {buffer.Shape} does not hold whole "
                + $"slots of {x.DType} {x.Shape}");
        }

        Quantizations.RequireSame(c);
        c.SetOutput(0, buffer.DType, buffer.Shape);
    }

    public override Step? Prepare(PrepareContext c) =>
        new ShiftStep(c.Input(0), c.Variable(variable), c.Output(0));

    sealed class ShiftStep(TensorView x, TensorView buffer, TensorView y) : Step
    {
        public override void Run()
        {
            Span<byte> all = buffer.AsBytes();
            Span<byte> slot = x.AsBytes();
            all[slot.Length..].CopyTo(all);
            slot.CopyTo(all[^slot.Length..]);
            all.CopyTo(y.AsBytes());
        }
    }
}
