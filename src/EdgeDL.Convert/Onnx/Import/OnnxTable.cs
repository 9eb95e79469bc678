using EdgeDL.Convert.Onnx.Import.Families;
using EdgeDL.Convert.Onnx.Schema;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>Adds to the graph what one node of the file means.</summary>
delegate void ImportNode(NodeImport node);

/// <summary>Which function imports which operator: one line an operator, a file a family.</summary>
sealed class OnnxTable
{
    /// <summary>The domain of the operators that ONNX Runtime's tools emit.</summary>
    public const string Microsoft = "com.microsoft";

    readonly Dictionary<(string Domain, string Op), ImportNode> imports = [];

    OnnxTable()
    {
        ElementwiseImports.Register(this);
        ReduceImports.Register(this);
        IndexImports.Register(this);
        RecurrentImports.Register(this);
        LossImports.Register(this);
        MatMulImports.Register(this);
        QuantImports.Register(this);
        ContribImports.Register(this);
        NormalizeImports.Register(this);
        MovementImports.Register(this);
        ConstantImports.Register(this);
        ControlImports.Register(this);
        SequenceImports.Register(this);
        TfIdfImport.Register(this);
        ConvImports.Register(this);
        PoolImports.Register(this);
        ResizeImports.Register(this);
        DetectImports.Register(this);
        SignalImports.Register(this);
    }

    public static OnnxTable All { get; } = new();

    /// <summary>The operators, as (domain, name).</summary>
    public IReadOnlyCollection<(string Domain, string Op)> Operators => imports.Keys;

    /// <summary>Adds an operator of the standard.</summary>
    public void Add(string op, ImportNode import) => imports.Add(("", op), import);

    /// <summary>Adds an operator of another domain.</summary>
    public void Add(string domain, string op, ImportNode import) =>
        imports.Add((domain, op), import);

    /// <summary>The versions of its operator set that an operator is taken in; null for domains
    /// that are not versioned so.</summary>
    public static OpsetRange? VersionsOf(string domain, string op) =>
        Opsets.Normal(domain).Length == 0 ? StandardVersions.Of(op) : null;

    public ImportNode? Find(NodeProto node) =>
        imports.GetValueOrDefault((Opsets.Normal(node.Domain), node.OpType));
}
