using System.Runtime.InteropServices;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Memory;
using EdgeDL.Ops;

namespace EdgeDL.Format;

/// <summary>
/// Reads an <c>.edl</c> file (see FORMAT.md). The bytes are hostile: every offset, count and index
/// is checked before use, and any byte sequence gives a model or an
/// <see cref="InvalidModelException"/>.
/// </summary>
sealed unsafe class EdlReader
{
    const int MostSections = 64;

    // Planning takes the square of the values: a desk has the time, a device has not.
    const int MostUnplanned = 4096;

    readonly SharedBlock block;
    readonly OpSet ops;
    readonly WeightCheck check;
    readonly List<StatedHash> later = [];
    readonly Dictionary<SectionKind, SectionRecord> sections = [];

    EdlReader(SharedBlock block, OpSet ops, WeightCheck check)
    {
        this.block = block;
        this.ops = ops;
        this.check = check;
    }

    /// <summary>
    /// Reads the model and takes <paramref name="block"/> over, also when it throws.
    /// </summary>
    public static Model Read(SharedBlock block, OpSet ops, WeightCheck check)
    {
        try
        {
            Model model = new EdlReader(block, ops, check).Read();
            model.Mapping = block;
            return model;
        }
        catch
        {
            block.Release();
            throw;
        }
    }

    Model Read()
    {
        ReadTable();
        var model = new Model { UncheckedHashes = later };
        string[] strings = SpanReader.Strings(Required(SectionKind.Strings), "section Strings");
        ReadOnlySpan<byte> weights = Section(SectionKind.Weights);
        fixed (byte* data = weights)
        {
            new GraphSectionReader(model, strings, ops, data, weights.Length)
                .Read(Required(SectionKind.Graph));
        }

        model.Notes = Inference.Run(model);
        if (sections.TryGetValue(SectionKind.PackedIndex, out SectionRecord index))
        {
            _ = Required(SectionKind.PackedWeights);
            model.Packed = PackedSections.Read(
                model, strings, Section(index.Kind), sections[SectionKind.Graph],
                sections.GetValueOrDefault(SectionKind.Weights),
                sections[SectionKind.PackedWeights], block.Data, check);
        }

        StoredPlan? plan = ReadPlan(Section(SectionKind.Plan));
        if (plan is null && model.Graphs.Sum(g => g.Values.Count) > MostUnplanned)
        {
            InvalidModelException.Throw(
                "section Plan", $"is missing or of another version, and more than {MostUnplanned} "
                + "values take too long to plan on a device");
        }

        model.Plan = MemoryPlan.Make(model, model.Notes, plan);
        ReadPreprocessing(model, Section(SectionKind.Preprocessing));
        if (sections.ContainsKey(SectionKind.Labels))
        {
            model.Labels.AddRange(
                SpanReader.Strings(Section(SectionKind.Labels), "section Labels"));
        }

        if (sections.ContainsKey(SectionKind.Metadata))
        {
            string[] pairs = SpanReader.Strings(Section(SectionKind.Metadata), "section Metadata");
            for (int i = 0; i + 1 < pairs.Length; i += 2)
            {
                model.Metadata[pairs[i]] = pairs[i + 1];
            }
        }

        return model;
    }

    void ReadTable()
    {
        const string Place = "header";
        if (block.Bytes < 64 || block.Bytes > int.MaxValue)
        {
            InvalidModelException.Throw(
                Place, $"the file has {block.Bytes} bytes, a model has 64 to {int.MaxValue}");
        }

        var file = new ReadOnlySpan<byte>(block.Data, (int)block.Bytes);
        var header = MemoryMarshal.Read<FileHeader>(file);
        if (header.Magic != FileHeader.MagicNumber)
        {
            InvalidModelException.Throw(
                Place, $"the file begins with {header.Magic:x8}, not with the mark of an .edl "
                    + "file");
        }

        if (header.Version != FileHeader.CurrentVersion)
        {
            throw new InvalidModelException(
                Place, $"format version {header.Version}, this program reads "
                    + $"{FileHeader.CurrentVersion}",
                "update EdgeDL on the device, or pack the model again");
        }

        if (header.FileLength != (ulong)file.Length)
        {
            InvalidModelException.Throw(
                Place, $"the file should have {header.FileLength} bytes, it has {file.Length}");
        }

        if (header.SectionCount is 0 or > MostSections
            || 64 + (64 * (long)header.SectionCount) > file.Length)
        {
            InvalidModelException.Throw(
                Place, $"{header.SectionCount} sections don't fit into {file.Length} bytes");
        }

        ReadOnlySpan<byte> tableBytes = file.Slice(64, 64 * (int)header.SectionCount);
        StatedHash.Check(tableBytes, header.TableHash, "section table");
        ulong end = 64 + (ulong)tableBytes.Length;
        ReadOnlySpan<SectionRecord> table = MemoryMarshal.Cast<byte, SectionRecord>(tableBytes);
        bool isPacked = false;
        foreach (SectionRecord s in table)
        {
            isPacked |= s.Kind == SectionKind.PackedIndex;
        }

        foreach (SectionRecord s in table)
        {
            string place = $"section {s.Kind}";
            if (s.Offset % 64 != 0 || s.Offset < end || s.Offset > (ulong)file.Length
                || s.Length > (ulong)file.Length - s.Offset)
            {
                InvalidModelException.Throw(
                    place, $"{s.Length} bytes at offset {s.Offset} don't fit behind offset {end}");
            }

            end = s.Offset + s.Length;
            if (check == WeightCheck.OnRequest
                && s.Kind is SectionKind.Weights or SectionKind.PackedWeights)
            {
                later.Add(new StatedHash(block.Data + s.Offset, (int)s.Length, s.Hash, place));
            }
            else if (!isPacked || s.Kind != SectionKind.Weights)
            {
                StatedHash.Check(file.Slice((int)s.Offset, (int)s.Length), s.Hash, place);
            }

            if (!sections.TryAdd(s.Kind, s) && Enum.IsDefined(s.Kind))
            {
                InvalidModelException.Throw(place, "stands twice in the section table");
            }
        }
    }

    ReadOnlySpan<byte> Required(SectionKind kind)
    {
        if (!sections.ContainsKey(kind))
        {
            InvalidModelException.Throw("section table", $"section {kind} is missing");
        }

        return Section(kind);
    }

    ReadOnlySpan<byte> Section(SectionKind kind) =>
        sections.TryGetValue(kind, out SectionRecord s)
            ? new ReadOnlySpan<byte>(block.Data + s.Offset, (int)s.Length)
            : default;

    static StoredPlan? ReadPlan(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        var reader = new SpanReader(bytes, "section Plan");
        uint version = reader.Take<uint>();
        if (version != MemoryPlan.Version)
        {
            return null;
        }

        ReadOnlySpan<ulong> counts = reader.Take<ulong>(reader.Take<uint>());
        long[][] offsets = new long[counts.Length][];
        for (int g = 0; g < offsets.Length; g++)
        {
            if (counts[g] > (ulong)reader.Remaining / 8)
            {
                reader.Fail($"{counts[g]} offsets of graph {g} don't fit into "
                    + $"{reader.Remaining} bytes");
            }

            offsets[g] = reader.Take<long>((uint)counts[g]).ToArray();
        }

        reader.End();
        return new StoredPlan(offsets);
    }

    static void ReadPreprocessing(Model model, ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes, "section Preprocessing");
        while (reader.Remaining > 0)
        {
            PreprocessingRecord r = reader.Take<PreprocessingRecord>();
            if (r.Input >= (uint)model.Main.Inputs.Count || r.Kind > (byte)InputKind.Audio
                || r.Resize > (byte)ResizeMode.CenterCrop || r.Channels > (byte)ChannelOrder.Gray
                || r.Direct > 1 || !float.IsFinite(r.Mean) || !float.IsFinite(r.Scale)
                || r.SampleRate is < 0 or > 1_000_000)
            {
                reader.Fail($"record {model.Preprocessing.Count} for input {r.Input} is out of "
                    + "range");
            }

            model.Preprocessing.Add(new Preprocessing
            {
                Input = (int)r.Input,
                Kind = (InputKind)r.Kind,
                Resize = (ResizeMode)r.Resize,
                Channels = (ChannelOrder)r.Channels,
                Direct = r.Direct == 1,
                Mean = r.Mean,
                Scale = r.Scale,
                SampleRate = r.SampleRate,
            });
        }
    }
}
