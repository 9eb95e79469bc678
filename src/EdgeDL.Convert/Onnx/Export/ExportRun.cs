using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>What the graphs of one export share: opset, variables, and what has no equivalent.
/// </summary>
sealed class ExportRun(Model model, int opset)
{
    /// <summary>The version that most tools read.</summary>
    public const int LowestOpset = 17;

    public Model Model => model;

    /// <summary>True where the bits of integer ops matter more than operators that accelerators
    /// know.</summary>
    public bool IsExact { get; init; }

    /// <summary>The operator set that nodes are written in.</summary>
    public int Opset => opset;

    /// <summary>The lowest operator set that has all that was asked for.</summary>
    public int NeededOpset { get; private set; } = LowestOpset;

    /// <summary>A line a node that ONNX can't say.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Variables as inputs, and what they hold when the graph ends.</summary>
    public SortedDictionary<int, (OnnxTensor Input, OnnxTensor Last)> Variables { get; } = [];

    public void NeedOpset(int version) => NeededOpset = Math.Max(NeededOpset, version);
}
