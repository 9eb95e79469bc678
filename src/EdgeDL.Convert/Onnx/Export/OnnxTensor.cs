using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>A tensor of the exported graph; its final name is chosen when all are known.</summary>
sealed class OnnxTensor(string hint, DType type, Shape shape)
{
    /// <summary>The name that is wanted.</summary>
    public string Hint { get; set; } = hint;

    /// <summary>True once the tensor stands for a value of the model and goes by its
    /// name.</summary>
    public bool IsNamed { get; set; }

    public DType DType { get; } = type;

    public Shape Shape { get; } = shape;

    /// <summary>The bytes of a constant; null for what is computed.</summary>
    public TensorProto? Data { get; init; }

    /// <summary>Null if the extents are known only at run time.</summary>
    public bool HasShape { get; init; } = true;

    public override string ToString() => $"{Hint}: {DType} {Shape}";
}

/// <summary>A node of the exported graph; absent optional inputs are null.</summary>
sealed record OnnxNode(
    string Type, string Name, OnnxTensor?[] Inputs, OnnxTensor[] Outputs,
    AttributeProto[] Attributes, (string Name, OnnxBody Body)[] Bodies)
{
    /// <summary>The operator set that the type is of; empty for the standard's.</summary>
    public string Domain { get; init; } = "";
}

/// <summary>A graph, or the body of a control-flow node, before names are chosen.</summary>
sealed class OnnxBody
{
    public List<OnnxTensor> Inputs { get; } = [];

    public List<OnnxTensor> Outputs { get; } = [];

    public List<OnnxNode> Nodes { get; } = [];

    public List<OnnxTensor> Constants { get; } = [];

    /// <summary>What an input holds where the caller gives nothing.</summary>
    public List<(OnnxTensor Input, TensorProto Data)> Defaults { get; } = [];
}
