using EdgeDL.Execution;

namespace EdgeDL.Ops;

/// <summary>
/// An op with its attributes: immutable, one declaration for the file format, shape inference
/// and execution. Adding one is a file here and a line in <see cref="OpSet.All"/>.
/// </summary>
public abstract class Op
{
    /// <summary>The stable number that stands for the op in files.</summary>
    public abstract OpCode OpCode { get; }

    /// <summary>
    /// Writes the attributes in the order that <see cref="IOp{TSelf}.Read"/> takes them.
    /// </summary>
    public abstract void Write(ref AttributeWriter a);

    /// <summary>
    /// Proves that the op can run on its inputs and sets what comes out. Everything that
    /// <see cref="Prepare"/> and the step rely on is checked here: models are hostile.
    /// </summary>
    public abstract void Infer(InferContext c);

    /// <summary>
    /// Binds addresses, chooses kernels and packs weights, once, when a session is opened. Null
    /// means that there is nothing to run.
    /// </summary>
    public abstract Step? Prepare(PrepareContext c);
}

/// <summary>What <see cref="OpSet.Add{TOp}"/> needs to know of an op type.</summary>
public interface IOp<TSelf> where TSelf : Op, IOp<TSelf>
{
    /// <summary>The stable number that stands for the op in files.</summary>
    static abstract OpCode Code { get; }

    /// <summary>Reads the attributes; throws through the reader if they are out of range.</summary>
    static abstract TSelf Read(ref AttributeReader a);

    /// <summary>True if the op says how a gradient flows back through it.</summary>
    static virtual bool HasGradient => false;

    /// <summary>The delegates that can take the op's place on an accelerator, by name.</summary>
    static virtual IReadOnlyList<string> Delegates => [];
}
