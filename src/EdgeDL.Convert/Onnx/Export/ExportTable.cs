using EdgeDL.Convert.Onnx.Export.Families;
using EdgeDL.Ops;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>Adds to the ONNX graph what one of our nodes means.</summary>
delegate void ExportNode(NodeExport node);

/// <summary>Which function exports which op: one line an op, a file a family.</summary>
static class ExportTable
{
    static readonly Dictionary<OpCode, ExportNode> Rows = Build();

    /// <summary>The ops that can be exported.</summary>
    public static IReadOnlyCollection<OpCode> Known => Rows.Keys;

    public static bool TryGet(OpCode op, out ExportNode? export) =>
        Rows.TryGetValue(op, out export);

    static Dictionary<OpCode, ExportNode> Build()
    {
        var table = new Dictionary<OpCode, ExportNode>();
        MacExports.Register(table);
        BlockExports.Register(table);
        IntegerExports.Register(table);
        PoolExports.Register(table);
        UnaryExports.Register(table);
        BinaryExports.Register(table);
        CastExports.Register(table);
        MovementExports.Register(table);
        ReduceExports.Register(table);
        IndexExports.Register(table);
        SearchExports.Register(table);
        SignalExports.Register(table);
        NormalizeExports.Register(table);
        ResizeExports.Register(table);
        RecurrentExports.Register(table);
        CellExports.Register(table);
        ControlExports.Register(table);
        DetectExports.Register(table);
        return table;
    }
}
