using System.Runtime.InteropServices;
using System.Text;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Kernels;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Format;

/// <summary>Writes a model as the bytes of an <c>.edl</c> file (see FORMAT.md).</summary>
sealed class EdlWriter
{
    readonly StringTable strings = new();
    readonly List<int> ints = [];
    readonly List<float> floats = [];
    readonly List<byte> attributes = [];
    readonly MemoryStream weights = new();
    readonly Dictionary<Constant, ulong> weightOffsets = new(ReferenceEqualityComparer.Instance);

    /// <summary>The file's bytes. Makes a plan if the model has none.</summary>
    public static byte[] Write(Model model) => Write(model, null, null);

    /// <summary>The file's bytes with the weights once more, packed for that CPU if it is one, and
    /// for the ways that somebody chose if he did.</summary>
    public static byte[] Write(Model model, CpuTarget? target, LayoutChoice? choice)
    {
        // Bytes that nobody compared must not get a hash that is right.
        model.VerifyWeights();
        model.Plan ??= MemoryPlan.Make(model);
        var writer = new EdlWriter();
        byte[] graph = writer.GraphSection(model);
        byte[] weights = writer.weights.ToArray();
        (byte[] Index, byte[] Blocks) packed = target is null
            ? ([], [])
            : PackedSections.Write(
                model, target, choice, writer.PackedHead(target, graph, weights));
        var sections = new List<(SectionKind Kind, byte[] Bytes)>
        {
            (SectionKind.Graph, graph),
            (SectionKind.Plan, PlanSection(model.Plan)),
            (SectionKind.Strings, writer.strings.ToBytes()),
        };
        if (model.Labels.Count > 0)
        {
            sections.Add((SectionKind.Labels, StringTable.ToBytes(model.Labels)));
        }

        if (model.Preprocessing.Count > 0)
        {
            sections.Add((SectionKind.Preprocessing, PreprocessingSection(model)));
        }

        if (model.Metadata.Count > 0)
        {
            sections.Add((SectionKind.Metadata, StringTable.ToBytes(
                [.. model.Metadata.SelectMany(pair => new[] { pair.Key, pair.Value })])));
        }

        sections.Add((SectionKind.Weights, weights));
        if (target is not null)
        {
            sections.Add((SectionKind.PackedIndex, packed.Index));
            // The last, so that the pages before them can be left.
            sections.Add((SectionKind.PackedWeights, packed.Blocks));
        }

        return Assemble(sections);
    }

    static byte[] Assemble(List<(SectionKind Kind, byte[] Bytes)> sections)
    {
        var table = new SectionRecord[sections.Count];
        ulong offset = Align((ulong)(64 + (64 * sections.Count)));
        for (int i = 0; i < table.Length; i++)
        {
            table[i].Kind = sections[i].Kind;
            table[i].Offset = offset;
            table[i].Length = (ulong)sections[i].Bytes.Length;
            Sha256.Hash(sections[i].Bytes, table[i].Hash);
            offset = Align(offset + table[i].Length);
        }

        byte[] file = new byte[offset];
        Span<byte> tableBytes = MemoryMarshal.AsBytes(table.AsSpan());
        var header = new FileHeader
        {
            Magic = FileHeader.MagicNumber,
            Version = FileHeader.CurrentVersion,
            SectionCount = (uint)table.Length,
            FileLength = offset,
        };
        Sha256.Hash(tableBytes, header.TableHash);
        MemoryMarshal.Write(file, in header);
        tableBytes.CopyTo(file.AsSpan(64));
        for (int i = 0; i < table.Length; i++)
        {
            sections[i].Bytes.CopyTo(file, (long)table[i].Offset);
        }

        return file;
    }

    byte[] GraphSection(Model model)
    {
        var graphs = new List<GraphRecord>();
        var values = new List<ValueRecord>();
        var nodes = new List<NodeRecord>();
        foreach (Graph graph in model.Graphs)
        {
            graphs.Add(new GraphRecord
            {
                Name = strings.Add(graph.Name),
                FirstValue = (uint)values.Count,
                ValueCount = (uint)graph.Values.Count,
                FirstNode = (uint)nodes.Count,
                NodeCount = (uint)graph.Nodes.Count,
                Ends = Ints(graph.Inputs, graph.Outputs),
                InputCount = (uint)graph.Inputs.Count,
                OutputCount = (uint)graph.Outputs.Count,
            });
            foreach (Value v in graph.Values)
            {
                values.Add(Record(v.Name, v.DType, v.Shape, v.Quant, v.Constant));
            }

            foreach (Node node in graph.Nodes)
            {
                nodes.Add(Record(node));
            }
        }

        var variables = new List<ValueRecord>();
        foreach (Variable v in model.Variables)
        {
            variables.Add(Record(v.Name, v.DType, v.Shape, v.Quant, v.Initial));
        }

        var header = new GraphSectionHeader
        {
            Graphs = (uint)graphs.Count,
            Values = (uint)values.Count,
            Nodes = (uint)nodes.Count,
            Variables = (uint)variables.Count,
            Ints = (uint)ints.Count,
            Floats = (uint)floats.Count,
            AttributeBytes = (uint)attributes.Count,
        };
        var section = new MemoryStream();
        section.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<GraphSectionHeader>(in header)));
        Append(section, graphs);
        Append(section, values);
        Append(section, nodes);
        Append(section, variables);
        Append(section, ints);
        Append(section, floats);
        Append(section, attributes);
        return section.ToArray();
    }

    PackedIndexHeader PackedHead(CpuTarget target, byte[] graph, byte[] weights)
    {
        var head = new PackedIndexHeader { Target = strings.Add(target.Name) };
        Sha256.Hash(graph, head.Graph);
        Sha256.Hash(weights, head.Weights);
        return head;
    }

    NodeRecord Record(Node node)
    {
        int start = attributes.Count;
        var writer = new AttributeWriter(attributes);
        node.Op.Write(ref writer);
        return new NodeRecord
        {
            Name = strings.Add(node.Name),
            OpCode = (ushort)node.Op.OpCode,
            InputCount = checked((ushort)node.Inputs.Length),
            OutputCount = checked((ushort)node.Outputs.Length),
            Ends = Ints(node.Inputs, node.Outputs),
            Attributes = (uint)start,
            AttributeBytes = (uint)(attributes.Count - start),
        };
    }

    ValueRecord Record(
        string name, DType type, in Shape shape, Quantization? quant, Constant? constant)
    {
        var record = new ValueRecord
        {
            Name = strings.Add(name),
            DType = (byte)type,
            Rank = (byte)shape.Rank,
            QuantAxis = -1,
            Dims = (uint)ints.Count,
        };
        ints.AddRange(shape.Dims);
        if (quant is not null)
        {
            record.QuantAxis = (sbyte)quant.Axis;
            record.BlockSize = (uint)quant.BlockSize;
            record.Scales = (uint)floats.Count;
            record.ScaleCount = (uint)quant.Scales.Length;
            floats.AddRange(quant.Scales);
            record.ZeroPoints = (uint)ints.Count;
            record.ZeroPointCount = (uint)quant.ZeroPoints.Length;
            ints.AddRange(quant.ZeroPoints);
            record.Flags |= quant.Rounding == Rounding.ToEven ? ValueRecord.RoundsToEven : (byte)0;
        }

        if (constant is not null)
        {
            long bytes = type.Bytes(shape.Elements);
            record.Flags |= ValueRecord.HasData;
            record.DataOffset = Weights(constant, bytes);
            record.DataLength = (ulong)bytes;
        }

        return record;
    }

    // One constant that several values share is stored once.
    ulong Weights(Constant constant, long bytes)
    {
        if (weightOffsets.TryGetValue(constant, out ulong known))
        {
            return known;
        }

        while (weights.Length % Constant.Alignment != 0)
        {
            weights.WriteByte(0);
        }

        ulong offset = (ulong)weights.Length;
        weights.Write(constant.Span[..(int)bytes]);
        weightOffsets.Add(constant, offset);
        return offset;
    }

    uint Ints(IEnumerable<int> inputs, IEnumerable<int> outputs)
    {
        uint start = (uint)ints.Count;
        ints.AddRange(inputs);
        ints.AddRange(outputs);
        return start;
    }

    static byte[] PlanSection(MemoryPlan plan)
    {
        var section = new MemoryStream();
        Append(section, new List<uint> { MemoryPlan.Version, (uint)plan.Graphs.Length });
        Append(section, plan.Graphs.Select(g => (ulong)g.Offsets.Length).ToList());
        foreach (GraphPlan graph in plan.Graphs)
        {
            Append(section, graph.Offsets.ToList());
        }

        return section.ToArray();
    }

    static byte[] PreprocessingSection(Model model)
    {
        var section = new MemoryStream();
        Append(section, model.Preprocessing.ConvertAll(p => new PreprocessingRecord
        {
            Input = (uint)p.Input,
            Kind = (byte)p.Kind,
            Resize = (byte)p.Resize,
            Channels = (byte)p.Channels,
            Direct = p.Direct ? (byte)1 : (byte)0,
            Mean = p.Mean,
            Scale = p.Scale,
            SampleRate = p.SampleRate,
        }));
        return section.ToArray();
    }

    static void Append<T>(Stream to, List<T> items) where T : unmanaged =>
        to.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(items)));

    static ulong Align(ulong offset) => (offset + 63) & ~63ul;
}

/// <summary>
/// UTF-8 strings by number: a count, count + 1 offsets into what follows, the bytes.
/// </summary>
sealed class StringTable
{
    readonly List<string> items = [];
    readonly Dictionary<string, uint> numbers = [];

    public uint Add(string text)
    {
        if (!numbers.TryGetValue(text, out uint number))
        {
            number = (uint)items.Count;
            numbers.Add(text, number);
            items.Add(text);
        }

        return number;
    }

    public byte[] ToBytes() => ToBytes(items);

    public static byte[] ToBytes(List<string> items)
    {
        var section = new MemoryStream();
        var text = new MemoryStream();
        Span<uint> offsets = new uint[items.Count + 2];
        offsets[0] = (uint)items.Count;
        for (int i = 0; i < items.Count; i++)
        {
            text.Write(Encoding.UTF8.GetBytes(items[i]));
            offsets[i + 2] = (uint)text.Length;
        }

        section.Write(MemoryMarshal.AsBytes(offsets));
        text.WriteTo(section);
        return section.ToArray();
    }
}
