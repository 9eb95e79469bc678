using EdgeDL.Convert.Onnx.Schema;
using Type = EdgeDL.Convert.Onnx.Schema.AttributeProto.Types.AttributeType;

namespace EdgeDL.Convert.Onnx.Import;

// Attributes by name; files older than IR version 2 leave the type out.
sealed partial class NodeImport
{
    public bool HasAttribute(string name) => Attributes.Find(name) is not null;

    public long Long(string name, long otherwise) =>
        Find(name, Type.Int) is { } a ? a.I : otherwise;

    public int Int(string name, int otherwise) => Clamp(Long(name, otherwise));

    public bool Flag(string name, bool otherwise = false) => Long(name, otherwise ? 1 : 0) != 0;

    public float Float(string name, float otherwise) =>
        Find(name, Type.Float) is { } a ? a.F : otherwise;

    public string Text(string name, string otherwise) =>
        Find(name, Type.String) is { } a ? a.S.ToStringUtf8() : otherwise;

    /// <summary>Whole numbers; null if the attribute is left out.</summary>
    public int[]? Ints(string name) =>
        Find(name, Type.Ints) is { } a ? [.. a.Ints.Select(Clamp)] : null;

    /// <summary>Floats; null if the attribute is left out.</summary>
    public float[]? Floats(string name) =>
        Find(name, Type.Floats) is { } a ? [.. a.Floats] : null;

    /// <summary>Strings; null if the attribute is left out.</summary>
    public string[]? Texts(string name) =>
        Find(name, Type.Strings) is { } a ? [.. a.Strings.Select(s => s.ToStringUtf8())] : null;

    /// <summary>A tensor; null if the attribute is left out.</summary>
    public TensorData? Tensor(string name) => Find(name, Type.Tensor) is { T: { } t }
        ? TensorData.Read(t, $"attribute {name} of {Place}", graph.Model.File.External)
        : null;

    /// <summary>A body, which must be there.</summary>
    public GraphProto Body(string name) =>
        Find(name, Type.Graph)?.G ?? throw Fail($"its body '{name}' is missing");

    AttributeProto? Find(string name, Type type)
    {
        AttributeProto? attribute = Attributes.Find(name);
        return attribute is null || attribute.Type == type || attribute.Type == Type.Undefined
            ? attribute
            : throw Fail($"attribute {name} is of type {attribute.Type}, not {type}");
    }
}
