using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes;

/// <summary>The ops that can clamp their own result.</summary>
static class FusedOps
{
    /// <summary>The activation of an op that can have one; null for other ops.</summary>
    public static Activation? Of(Op op) => op switch
    {
        Conv2D o => o.Activation,
        DepthwiseConv2D o => o.Activation,
        FullyConnected o => o.Activation,
        BlockFullyConnected o => o.Activation,
        TransposeConv o => o.Activation,
        Add o => o.Activation,
        Sub o => o.Activation,
        Mul o => o.Activation,
        Div o => o.Activation,
        AveragePool2D o => o.Activation,
        MaxPool2D o => o.Activation,
        _ => null,
    };

    /// <summary>The same op with another activation.</summary>
    public static Op With(Op op, Activation activation) => op switch
    {
        Conv2D o => new Conv2D(o.Window, activation),
        DepthwiseConv2D o => new DepthwiseConv2D(o.Window, activation),
        FullyConnected o => new FullyConnected(o.KeepDims, activation),
        BlockFullyConnected o => new BlockFullyConnected(o.Inputs, activation),
        TransposeConv o =>
            new TransposeConv(o.Window, o.OutputHeight, o.OutputWidth, activation),
        Add => new Add(activation),
        Sub => new Sub(activation),
        Mul => new Mul(activation),
        Div => new Div(activation),
        AveragePool2D o => new AveragePool2D(o.Window, activation),
        MaxPool2D o => new MaxPool2D(o.Window, activation),
        _ => throw new ArgumentException($"{op.OpCode} has no activation"),
    };
}
