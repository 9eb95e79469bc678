using EdgeDL.Ops;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Movement;

sealed class ReshapeCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        yield return new OpCase("f32", new Reshape([3, 10]), [F32(2, 3, 5)], r => r.Map(x => x))
        {
            Shapes = [[3, 10]],
        };
        yield return new OpCase("i8", new Reshape([30]), [I8(0.5f, 3, 2, 3, 5)], r => r.Map(x => x))
        {
            Out = [Q(0.5f, 3)],
        };
        yield return new OpCase("scalar", new Reshape([]), [I64(1, 1)], r => r.Map(x => x));
        yield return new OpCase("constant", new Reshape([3]), [Ints(1, 2, 3)], r => r.Map(x => x));
    }
}
