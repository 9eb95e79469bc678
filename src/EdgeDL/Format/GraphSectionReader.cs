using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Format;

/// <summary>Reads the graph section into a model: graphs, values, nodes, variables.</summary>
sealed unsafe class GraphSectionReader(
    Model model, string[] strings, OpSet ops, byte* weights, long weightBytes)
{
    /// <summary>Planning and checking take the square of the values: more are refused.</summary>
    const uint MostValues = 32768;

    const uint MostGraphs = 1024;

    const string Place = "section Graph";

    int[] ints = [];
    float[] floats = [];
    byte[] attributes = [];

    public void Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes, Place);
        GraphSectionHeader h = reader.Take<GraphSectionHeader>();
        if (h.Graphs is 0 or > MostGraphs || h.Values > MostValues || h.Nodes > MostValues
            || h.Variables > MostValues)
        {
            reader.Fail($"{h.Graphs} graphs, {h.Values} values, {h.Nodes} nodes, {h.Variables} "
                + $"variables: there may be 1 to {MostGraphs} graphs and {MostValues} of the "
                    + "others");
        }

        ReadOnlySpan<GraphRecord> graphs = reader.Take<GraphRecord>(h.Graphs);
        ReadOnlySpan<ValueRecord> values = reader.Take<ValueRecord>(h.Values);
        ReadOnlySpan<NodeRecord> nodes = reader.Take<NodeRecord>(h.Nodes);
        ReadOnlySpan<ValueRecord> variables = reader.Take<ValueRecord>(h.Variables);
        ints = reader.Take<int>(h.Ints).ToArray();
        floats = reader.Take<float>(h.Floats).ToArray();
        attributes = reader.Take<byte>(h.AttributeBytes).ToArray();
        reader.End();
        foreach (ValueRecord r in variables)
        {
            Value v = ReadValue(r);
            model.Variables.Add(new Variable(v.Name, v.DType, v.Shape, v.Quant, v.Constant));
        }

        uint nextValue = 0, nextNode = 0;
        foreach (GraphRecord r in graphs)
        {
            if (r.FirstValue != nextValue || r.ValueCount > h.Values - nextValue
                || r.FirstNode != nextNode || r.NodeCount > h.Nodes - nextNode)
            {
                Fail($"graph {model.Graphs.Count} does not take up where the one before ends");
            }

            nextValue += r.ValueCount;
            nextNode += r.NodeCount;
            ReadGraph(r, values, nodes);
        }

        if (nextValue != h.Values || nextNode != h.Nodes)
        {
            Fail("some values or nodes belong to no graph");
        }
    }

    void ReadGraph(
        in GraphRecord r, ReadOnlySpan<ValueRecord> values, ReadOnlySpan<NodeRecord> nodes)
    {
        var graph = new Graph(Text(r.Name));
        model.Graphs.Add(graph);
        foreach (ValueRecord v in values.Slice((int)r.FirstValue, (int)r.ValueCount))
        {
            graph.Values.Add(ReadValue(v));
        }

        for (int n = 0; n < (int)r.NodeCount; n++)
        {
            NodeRecord node = nodes[(int)r.FirstNode + n];
            string name = Text(node.Name);
            ReadOnlySpan<int> ends = Slice<int>(
                ints, node.Ends, (uint)node.InputCount + node.OutputCount, "inputs and outputs");
            ReadOnlySpan<byte> bytes = Slice<byte>(
                attributes, node.Attributes, node.AttributeBytes, "attributes");
            Op op = ops.Read(
                (OpCode)node.OpCode, bytes, $"graph '{graph.Name}' node {n} '{name}'");
            graph.Nodes.Add(new Node(
                name, op, ends[..node.InputCount].ToArray(), ends[node.InputCount..].ToArray()));
        }

        if ((ulong)r.InputCount + r.OutputCount > (ulong)ints.Length)
        {
            Fail($"graph '{graph.Name}' has {r.InputCount} inputs and {r.OutputCount} outputs");
        }

        ReadOnlySpan<int> graphEnds = Slice<int>(
            ints, r.Ends, r.InputCount + r.OutputCount, "inputs and outputs");
        graph.Inputs.AddRange(graphEnds[..(int)r.InputCount]);
        graph.Outputs.AddRange(graphEnds[(int)r.InputCount..]);
    }

    Value ReadValue(in ValueRecord r)
    {
        string name = Text(r.Name);
        var type = (DType)r.DType;
        if (!type.IsKnown())
        {
            Fail($"value '{name}' has element type {r.DType}, which is unknown");
        }

        if (r.Rank > Shape.MaxRank)
        {
            Fail($"value '{name}' has rank {r.Rank}, the most is {Shape.MaxRank}");
        }

        ReadOnlySpan<int> dims = Slice<int>(ints, r.Dims, r.Rank, "extents");
        if (Shape.Problem(dims) is { } problem)
        {
            Fail($"value '{name}': {problem}");
        }

        int rounds = r.ScaleCount == 0 ? 0 : ValueRecord.RoundsToEven;
        if ((r.Flags & ~(ValueRecord.HasData | rounds)) != 0)
        {
            Fail($"value '{name}' has flags {r.Flags}, which nothing says the meaning of");
        }

        var shape = new Shape(dims);
        if (type.Bytes(shape.Elements) > int.MaxValue)
        {
            Fail($"value '{name}' of {type} {shape} is above 2 GiB");
        }

        return new Value
        {
            Name = name,
            DType = type,
            Shape = shape,
            Quant = ReadQuant(r, shape, name),
            Constant = (r.Flags & ValueRecord.HasData) == 0 ? null : ReadData(r, name),
        };
    }

    Constant ReadData(in ValueRecord r, string name)
    {
        if (r.DataOffset % Constant.Alignment != 0
            || r.DataOffset > (ulong)weightBytes
                || r.DataLength > (ulong)weightBytes - r.DataOffset)
        {
            Fail($"value '{name}': {r.DataLength} bytes at {r.DataOffset} are not in the "
                + $"{weightBytes} bytes of weights");
        }

        return Constant.Borrow(weights + r.DataOffset, (long)r.DataLength);
    }

    Quantization? ReadQuant(in ValueRecord r, in Shape shape, string name)
    {
        if (r.ScaleCount == 0)
        {
            return null;
        }

        float[] scales = Slice<float>(floats, r.Scales, r.ScaleCount, "scales").ToArray();
        int[] zeroPoints = Slice<int>(
            ints, r.ZeroPoints, r.ZeroPointCount, "zero points").ToArray();
        if (r.BlockSize > int.MaxValue)
        {
            Fail($"value '{name}' has blocks of {r.BlockSize}");
        }

        string? problem = Quantization.Problem(scales, zeroPoints, r.QuantAxis, (int)r.BlockSize);
        if (problem is null && r.QuantAxis >= shape.Rank)
        {
            problem = $"quantization axis {r.QuantAxis} of rank {shape.Rank}";
        }

        if (problem is null && r.QuantAxis >= 0 && r.BlockSize == 0
            && scales.Length != shape[r.QuantAxis])
        {
            problem = $"{scales.Length} scales for {shape[r.QuantAxis]} slices";
        }

        if (problem is not null)
        {
            Fail($"value '{name}': {problem}");
        }

        return new Quantization(scales, zeroPoints, r.QuantAxis, (int)r.BlockSize)
        {
            Rounding = (r.Flags & ValueRecord.RoundsToEven) == 0 ? Rounding.Lite : Rounding.ToEven,
        };
    }

    string Text(uint number)
    {
        if (number >= (uint)strings.Length)
        {
            Fail($"string {number} of {strings.Length}");
        }

        return strings[number];
    }

    static ReadOnlySpan<T> Slice<T>(T[] pool, uint start, uint count, string what)
    {
        if (start > (uint)pool.Length || count > (uint)pool.Length - start)
        {
            Fail($"{count} {what} at {start} are not among the {pool.Length} stored");
        }

        return pool.AsSpan((int)start, (int)count);
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    static void Fail(string finding) => InvalidModelException.Throw(Place, finding);
}
