using EdgeDL.Tensors;

namespace EdgeDL.Execution;

/// <summary>
/// One thing to do in a run: a kernel with its addresses bound. <see cref="Run"/> allocates
/// nothing and checks nothing but data-dependent indices.
/// </summary>
public abstract class Step
{
    /// <summary>True after a <see cref="Run"/> that no other step of this run may follow.</summary>
    public bool EndsRun { get; protected set; }

    public abstract void Run();

    /// <summary>Runs steps in order; false if one of them ended the run.</summary>
    internal static bool RunAll(ReadOnlySpan<Step> steps)
    {
        foreach (Step step in steps)
        {
            step.Run();
            if (step.EndsRun)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Copies one tensor's bytes to another.</summary>
sealed unsafe class CopyStep(TensorView from, TensorView to) : Step
{
    /// <summary>A copy, or null if both are the same memory already.</summary>
    public static Step? Unless(TensorView from, TensorView to) =>
        from.Data == to.Data ? null : new CopyStep(from, to);

    public override void Run() => Buffer.MemoryCopy(from.Data, to.Data, to.Bytes, from.Bytes);
}
