using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeDL.Bench.Peak;
using EdgeDL.Host.Diagnosis;

namespace EdgeDL.Bench.Compare;

/// <summary>The comparison for programs.</summary>
static class CompareJson
{
    // For files and terminals, not for web pages: > stays >.
    static JsonWriterOptions Written => new()
    {
        Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text(
        string ortVersion, CorePeaks peaks, double seconds, List<CompareRow> rows)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Written))
        {
            json.WriteStartObject();
            json.WriteString("cpu", Processor.ModelName());
            json.WriteNumber("cores", Environment.ProcessorCount);
            json.WriteNumber("secondsPerRow", seconds);
            json.WriteString("onnxRuntime", ortVersion);
            json.WriteString("settings", OrtSettings.Text(ortVersion));
            json.WriteNumber("float32Peak", Math.Round(peaks.Float32Peak, 1));
            json.WriteNumber("int8Peak", Math.Round(peaks.Int8Peak, 1));
            json.WriteStartArray("rows");
            foreach (CompareRow row in rows)
            {
                Write(json, row);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    static void Write(Utf8JsonWriter json, CompareRow row)
    {
        json.WriteStartObject();
        json.WriteString("model", row.Model);
        json.WriteString("dtype", row.DType);
        json.WriteNumber("threads", row.Threads);
        json.WriteNumber("macs", row.Macs);
        Number(json, "arenaBytes", row.Memory?.ArenaBytes);
        Number(json, "packedBytes", row.Memory?.PackedBytes);
        Number(json, "oursUs", row.Ours?.Median);
        Number(json, "oursP99Us", row.Ours?.P99);
        Number(json, "ortUs", row.Ort?.Median);
        Number(json, "ortP99Us", row.Ort?.P99);
        Number(json, "oursRuns", row.Ours?.Runs);
        Number(json, "ortRuns", row.Ort?.Runs);
        Number(json, "oursInterrupted", row.Ours?.Interrupted);
        Number(json, "ortInterrupted", row.Ort?.Interrupted);
        Number(json, "ratio", row.Ratio);
        Number(json, "target", row.Target?.Ratio);
        Number(json, "targetUs", row.Target?.Microseconds);
        if (row.Holds is { } holds)
        {
            json.WriteBoolean("holds", holds);
        }
        else
        {
            json.WriteNull("holds");
        }

        Number(json, "gigaOperationsPerSecond", row.GigaOperations);
        Number(json, "ortGigaOperationsPerSecond", row.OrtGigaOperations);
        Number(json, "shareOfPeak", row.ShareOfPeak);
        json.WriteString("form", row.Form);
        json.WriteString("answers", row.Agreement?.Finding);
        json.WriteString("profile", row.Profile);
        json.WriteString("note", row.Note);
        json.WriteEndObject();
    }

    static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, Math.Round(number, 4));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
