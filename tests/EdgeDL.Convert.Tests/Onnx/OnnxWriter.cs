using System.Runtime.InteropServices;
using EdgeDL.Convert.Onnx;
using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Tensors;
using Google.Protobuf;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;
using Type = EdgeDL.Convert.Onnx.Schema.AttributeProto.Types.AttributeType;

namespace EdgeDL.Convert.Tests.Onnx;

/// <summary>Writes small .onnx files.</summary>
sealed class OnnxWriter
{
    public OnnxWriter(int opset = 17)
    {
        Model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "test" } };
        Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
    }

    public ModelProto Model { get; }

    public GraphProto Graph => Model.Graph;

    public byte[] Bytes => Model.ToByteArray();

    public OnnxWriter Input(string name, DataType type, params long[] dims)
    {
        Graph.Input.Add(Info(name, type, dims));
        return this;
    }

    public OnnxWriter Output(string name, DataType type = DataType.Float)
    {
        Graph.Output.Add(Info(name, type, []));
        return this;
    }

    public OnnxWriter Constant<T>(string name, DataType type, long[] dims, params T[] values)
        where T : unmanaged
    {
        Graph.Initializer.Add(Tensor(name, type, dims, values));
        return this;
    }

    public OnnxWriter Node(string op, string[] inputs, string[] outputs,
        params AttributeProto[] attributes)
    {
        Graph.Node.Add(NodeOf(op, inputs, outputs, attributes));
        return this;
    }

    public static NodeProto NodeOf(string op, string[] inputs, string[] outputs,
        params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = $"{op} of {outputs[0]}" };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        return node;
    }

    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, Type = Type.Int, I = value };

    public static AttributeProto Attribute(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = Type.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Attribute(string name, GraphProto body) =>
        new() { Name = name, Type = Type.Graph, G = body };

    public static TensorProto Tensor<T>(string name, DataType type, long[] dims, params T[] values)
        where T : unmanaged
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)type,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values)),
        };
        tensor.Dims.AddRange(dims);
        return tensor;
    }

    public static ValueInfoProto Info(string name, DataType type, params long[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(
            dims.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape },
            },
        };
    }
}
