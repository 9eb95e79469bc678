using EdgeDL.Execution;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>
/// y = x under another shape with as many elements. Takes no time: y is x's memory.
/// </summary>
public sealed class Reshape(int[] dims) : Op, IOp<Reshape>
{
    public static OpCode Code => OpCode.Reshape;

    public override OpCode OpCode => Code;

    /// <summary>The extents of the result.</summary>
    public ReadOnlySpan<int> Dims => dims;

    public static Reshape Read(ref AttributeReader a) => new(a.Ints(Shape.MaxRank));

    public override void Write(ref AttributeWriter a) => a.Ints(dims);

    public override void Infer(InferContext c)
    {
        c.Arity(inputs: 1, outputs: 1);
        InferInput x = c.Input(0);
        if (Shape.Problem(dims) is { } problem)
        {
            c.Fail(problem);
        }

        var shape = new Shape(dims);
        if (shape.Elements != x.Shape.Elements)
        {
            c.Fail($"{x.Shape} with {x.Shape.Elements} elements can't become {shape} with "
                + $"{shape.Elements}");
        }

        c.SetOutput(0, x.DType, shape);
        c.View(output: 0, input: 0);
    }

    public override Step? Prepare(PrepareContext c) => CopyStep.Unless(c.Input(0), c.Output(0));
}
