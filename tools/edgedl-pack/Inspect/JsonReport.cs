using System.Text.Json;

namespace EdgeDL.Pack.Inspect;

/// <summary>The report as JSON; names are those of <see cref="ModelReport"/>, in camel
/// case.</summary>
static class JsonReport
{
    public static void Write(ModelReport r, Stream to)
    {
        using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("name", r.Name);
        json.WriteNumber("fileBytes", r.FileBytes);
        json.WriteNumber("macs", r.Macs);
        json.WriteNumber("weightBytes", r.WeightBytes);
        json.WriteString("target", r.Target);
        json.WriteNumber("packedBytes", r.PackedBytes);
        json.WriteNumber("arenaBytes", r.ArenaBytes);
        json.WriteNumber("activationBytes", r.ActivationBytes);
        json.WriteNumber("persistentBytes", r.PersistentBytes);
        json.WriteNumber("lowerBoundBytes", r.LowerBoundBytes);
        json.WriteNumber("transposes", r.Transposes);
        json.WriteNumber("transposedBytes", r.TransposedBytes);
        json.WriteNumber("subgraphs", r.Subgraphs);
        json.WriteNumber("labels", r.Labels);
        json.WriteStartObject("metadata");
        foreach (KeyValuePair<string, string> fact in r.Metadata)
        {
            json.WriteString(fact.Key, fact.Value);
        }

        json.WriteEndObject();
        Tensors(json, "inputs", r.Inputs);
        Tensors(json, "outputs", r.Outputs);
        Tensors(json, "variables", r.Variables);
        Nodes(json, r.Nodes);
        json.WriteStartArray("called");
        foreach (GraphRow g in r.Called)
        {
            json.WriteStartObject();
            json.WriteString("name", g.Name);
            json.WriteString("caller", g.Caller);
            json.WriteNumber("bytes", g.Bytes);
            json.WriteNumber("lowerBoundBytes", g.LowerBoundBytes);
            Nodes(json, g.Nodes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("storages");
        foreach (StorageRow s in r.Storages)
        {
            json.WriteStartObject();
            json.WriteString("name", s.Name);
            json.WriteNumber("offset", s.Offset);
            json.WriteNumber("bytes", s.Bytes);
            json.WriteNumber("firstStep", s.First);
            json.WriteNumber("lastStep", s.Last);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Nodes(Utf8JsonWriter json, NodeRow[] nodes)
    {
        json.WriteStartArray("nodes");
        foreach (NodeRow n in nodes)
        {
            json.WriteStartObject();
            json.WriteNumber("index", n.Index);
            json.WriteString("name", n.Name);
            json.WriteString("op", n.Op);
            json.WriteNumber("macs", n.Macs);
            json.WriteNumber("weightBytes", n.WeightBytes);
            json.WriteNumber("scratchBytes", n.ScratchBytes);
            json.WriteNumber("liveBytes", n.LiveBytes);
            Tensors(json, "inputs", n.Inputs);
            Tensors(json, "outputs", n.Outputs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void Tensors(Utf8JsonWriter json, string name, TensorRow[] rows)
    {
        json.WriteStartArray(name);
        foreach (TensorRow t in rows)
        {
            json.WriteStartObject();
            json.WriteString("name", t.Name);
            json.WriteString("dtype", t.DType);
            json.WriteString("shape", t.Shape);
            json.WriteString("quantization", t.Quant);
            json.WriteNumber("bytes", t.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
