using EdgeDL.Convert.Onnx.Schema;

namespace EdgeDL.Convert.Onnx.Import;

/// <summary>
/// The attributes of a node; those that a function's body takes from its caller are resolved.
/// </summary>
sealed class AttributeSet
{
    readonly Dictionary<string, AttributeProto> attributes = [];

    public AttributeSet(NodeProto node, AttributeSet? call)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (attribute.RefAttrName.Length == 0)
            {
                attributes[attribute.Name] = attribute;
            }
            else if (call?.Find(attribute.RefAttrName) is { } given)
            {
                attributes[attribute.Name] = given;
            }
        }
    }

    AttributeSet(Dictionary<string, AttributeProto> attributes) => this.attributes = attributes;

    /// <summary>An attribute; null if the node does not have it.</summary>
    public AttributeProto? Find(string name) => attributes.GetValueOrDefault(name);

    /// <summary>These, with a function's defaults for what is missing.</summary>
    public AttributeSet Defaulted(FunctionProto function)
    {
        var all = new Dictionary<string, AttributeProto>(attributes);
        foreach (AttributeProto attribute in function.AttributeProto)
        {
            all.TryAdd(attribute.Name, attribute);
        }

        return new AttributeSet(all);
    }
}
