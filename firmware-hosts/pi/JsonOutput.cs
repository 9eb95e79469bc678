using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeDL.Pi;

/// <summary>One JSON document on standard output.</summary>
static class JsonOutput
{
    static JsonWriterOptions Options => new()
    {
        Indented = true,
        // Terminals and files, not web pages: letters stay letters.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(Action<Utf8JsonWriter> body)
    {
        using var stream = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            body(writer);
        }

        stream.WriteByte((byte)'\n');
    }

    /// <summary>A number, or null for what JSON has no number for.</summary>
    public static void Number(Utf8JsonWriter writer, string name, double value, int digits)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumber(name, Math.Round(value, digits));
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
