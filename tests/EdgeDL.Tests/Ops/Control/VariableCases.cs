using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Control;

sealed class VariableCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        yield return new("zero at first", new ReadVariable(0), [], r => { })
        { Variables = [F32(2, 3)] };
        yield return new("zero point at first", new ReadVariable(0), [], r => { })
        { Variables = [I8(0.1f, 5, 4)], Out = [Q(0.1f, 5)] };
        yield return new("f32", new AssignVariable(0), [F32(2, 3)], r => { })
        { Variables = [F32(2, 3)], Out = [] };
        yield return new("streams i8", new CircularBuffer(0), [I8(0.1f, 5, 1, 1, 4)], Shift)
        { Variables = [I8(0.1f, 5, 1, 3, 4)], Out = [Q(0.1f, 5)], Runs = 5, Steps = 0 };
        yield return new("streams f32", new CircularBuffer(0), [F32(1, 1, 4)], Shift)
        { Variables = [F32(1, 3, 4)], Runs = 5 };
        yield return new("one slot", new CircularBuffer(0), [F32(1, 1, 4)], Shift)
        { Variables = [F32(1, 1, 4)], Runs = 2 };
    }

    static void Shift(OpRun r)
    {
        double[] buffer = r.Variable(0).Values;
        int slot = r.In(0).Count;
        Array.Copy(buffer, slot, buffer, 0, buffer.Length - slot);
        r.In(0).Values.CopyTo(buffer, buffer.Length - slot);
        buffer.CopyTo(r.Out(0).Values, 0);
    }
}
