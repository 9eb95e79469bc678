using EdgeDL.Convert.Onnx.Schema;
using Google.Protobuf;
using Type = EdgeDL.Convert.Onnx.Schema.AttributeProto.Types.AttributeType;

namespace EdgeDL.Convert.Onnx.Export;

/// <summary>Attributes of exported nodes.</summary>
static class Attribute
{
    public static AttributeProto Of(string name, long value) =>
        new() { Name = name, Type = Type.Int, I = value };

    public static AttributeProto Of(string name, float value) =>
        new() { Name = name, Type = Type.Float, F = value };

    public static AttributeProto Of(string name, string value) =>
        new() { Name = name, Type = Type.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Of(string name, ReadOnlySpan<int> values)
    {
        var attribute = new AttributeProto { Name = name, Type = Type.Ints };
        foreach (int value in values)
        {
            attribute.Ints.Add(value);
        }

        return attribute;
    }

    public static AttributeProto Of(string name, float[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = Type.Floats };
        attribute.Floats.AddRange(values);
        return attribute;
    }

    public static AttributeProto Of(string name, string[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = Type.Strings };
        attribute.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return attribute;
    }
}
