using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Ops;

/// <summary>Checks that ops with state share.</summary>
static class SignalRules
{
    /// <summary>Rejects a variable of another type or another number of elements.</summary>
    public static void Variable(InferContext c, int id, DType type, long elements)
    {
        Variable variable = c.Variable(id);
        if (variable.DType != type || variable.Shape.Elements != elements)
        {
            c.Fail($"variable '{variable.Name}' is {variable.DType} {variable.Shape}, "
                + $"{elements} of {type} are needed");
        }
    }
}
