using System.Text.Json;
using EdgeDL.Host.Answers;
using EdgeDL.Host.Measuring;

namespace EdgeDL.Pi;

/// <summary>Answers for people and for programs.</summary>
static class AnswerOutput
{
    public static void Print(List<Answer> answers)
    {
        foreach (var answer in answers)
        {
            var at = answer.Seconds is { } seconds ? $" at {seconds:0.##} s" : "";
            Console.WriteLine($"{answer.Input}{at} ({answer.Milliseconds:0.00} ms)");
            foreach (var output in answer.Outputs)
            {
                Print(output, answer.Outputs.Length > 1);
            }

            foreach (var found in answer.Objects ?? [])
            {
                Console.WriteLine(
                    $"  {found.Score,8:0.0000}  {found.Index,4}  {found.Label}  "
                    + $"({found.Left:0}, {found.Top:0}) to ({found.Right:0}, {found.Bottom:0})");
            }

            if (answer.Objects is [])
            {
                Console.WriteLine("  no objects found");
            }
        }
    }

    static void Print(OutputAnswer output, bool named)
    {
        if (named || output.Top.Length == 0)
        {
            Console.WriteLine($"  {output.Name}: {output.Type} {output.Shape}");
        }

        foreach (var ranked in output.Top)
        {
            Console.WriteLine($"  {ranked.Score,8:0.0000}  {ranked.Index,4}  {ranked.Label}");
        }
    }

    public static void Write(
        Utf8JsonWriter writer, string model, List<Answer> answers, NodeTime[] nodes)
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteStartArray("answers");
        foreach (var answer in answers)
        {
            Write(writer, answer);
        }

        writer.WriteEndArray();
        if (nodes.Length > 0)
        {
            NodeTable.Write(writer, nodes);
        }

        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, Answer answer)
    {
        writer.WriteStartObject();
        writer.WriteString("input", answer.Input);
        if (answer.Seconds is { } seconds)
        {
            JsonOutput.Number(writer, "seconds", seconds, 4);
        }

        JsonOutput.Number(writer, "milliseconds", answer.Milliseconds, 4);
        if (answer.Objects is { } objects)
        {
            Write(writer, objects);
        }
        else
        {
            writer.WriteStartArray("outputs");
            foreach (var output in answer.Outputs)
            {
                Write(writer, output);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, OutputAnswer output)
    {
        writer.WriteStartObject();
        writer.WriteString("name", output.Name);
        InfoCommand.WriteType(writer, output.Type, output.Shape);
        writer.WriteStartArray("top");
        foreach (var ranked in output.Top)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", ranked.Index);
            JsonOutput.Number(writer, "score", ranked.Score, 6);
            writer.WriteString("label", ranked.Label);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void Write(Utf8JsonWriter writer, Detection[] objects)
    {
        writer.WriteStartArray("objects");
        foreach (var found in objects)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", found.Index);
            JsonOutput.Number(writer, "score", found.Score, 6);
            writer.WriteString("label", found.Label);
            JsonOutput.Number(writer, "left", found.Left, 2);
            JsonOutput.Number(writer, "top", found.Top, 2);
            JsonOutput.Number(writer, "right", found.Right, 2);
            JsonOutput.Number(writer, "bottom", found.Bottom, 2);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
