using EdgeDL.Convert.Tflite.Schema;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Adds to the graph what one operator of the file means.</summary>
delegate void ImportOp(NodeImport node);

/// <summary>Which function imports which operator: one line an operator, a file a family.</summary>
sealed class ImportTable
{
    readonly Dictionary<BuiltinOperator, ImportOp> builtins = [];
    readonly Dictionary<string, ImportOp> customs = [];

    ImportTable()
    {
        MacImports.Register(this);
        ElementwiseImports.Register(this);
        ReduceImports.Register(this);
        MovementImports.Register(this);
        IndexImports.Register(this);
        RecurrentImports.Register(this);
        SignalImports.Register(this);
        DetectImports.Register(this);
        ControlImports.Register(this);
    }

    public static ImportTable All { get; } = new();

    public IReadOnlyCollection<BuiltinOperator> Builtins => builtins.Keys;

    public IReadOnlyCollection<string> Customs => customs.Keys;

    public void Add(BuiltinOperator op, ImportOp import) => builtins.Add(op, import);

    public void Add(string customCode, ImportOp import) => customs.Add(customCode, import);

    /// <summary>The operators' names and what imports them.</summary>
    public IEnumerable<(string Name, ImportOp Import)> Rows =>
        builtins.Select(b => ($"{b.Key}", b.Value))
            .Concat(customs.Select(c => (c.Key, c.Value)));

    public ImportOp? Find(TfliteOperator op) => op.Builtin == BuiltinOperator.CUSTOM
        ? customs.GetValueOrDefault(op.CustomCode)
        : builtins.GetValueOrDefault(op.Builtin);
}
