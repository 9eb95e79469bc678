using System.Text.Json;
using ConsoleAppFramework;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Pi;

sealed class InfoCommand
{
    /// <summary>Say what a model takes and gives, and what it needs.</summary>
    /// <param name="model">The .edl file.</param>
    /// <param name="json">Print JSON.</param>
    /// <param name="debug">Print a stack trace on failure.</param>
    [Command("info")]
    public int Info([Argument] string model, bool json = false, bool debug = false) =>
        Guard.Run(debug, () =>
        {
            using var loaded = ModelFile.Load(model);
            var analysis = ModelAnalysis.Of(loaded);
            if (json)
            {
                JsonOutput.Write(writer => Write(writer, loaded, analysis));
            }
            else
            {
                Print(model, loaded, analysis);
            }

            return ExitCodes.Ok;
        });

    static long WeightBytes(Model model) =>
        model.Graphs.Sum(graph => graph.Values.Sum(value => value.Constant?.Bytes ?? 0));

    static int NodeCount(Model model) => model.Graphs.Sum(graph => graph.Nodes.Count);

    static void Print(string path, Model model, ModelAnalysis analysis)
    {
        Console.WriteLine(path);
        foreach (var (key, value) in model.Metadata)
        {
            Console.WriteLine($"{key,-10} {value}");
        }

        for (var i = 0; i < model.Main.Inputs.Count; i++)
        {
            var record = model.Preprocessing.Find(p => p.Input == i);
            var input = Describe(model, model.Main.Inputs[i]);
            Console.WriteLine($"input      {input}{Describe(record)}");
        }

        foreach (var output in model.Main.Outputs)
        {
            Console.WriteLine($"output     {Describe(model, output)}");
        }

        if (model.Labels.Count > 0)
        {
            Console.WriteLine($"labels     {model.Labels.Count}: {model.Labels[0]} …");
        }

        Console.WriteLine(
            $"nodes      {NodeCount(model)}, "
            + $"{analysis.TotalMacs / 1e6:0.##} M multiply-accumulates");
        Console.WriteLine(
            $"memory     weights {WeightBytes(model)} B, arena {analysis.Plan.ActivationBytes} B, "
            + $"state {analysis.Plan.PersistentBytes} B");
    }

    static string Describe(Model model, int index)
    {
        Value value = model.Main.Values[index];
        var quant = value.Quant is { } q ? $", {q}" : "";
        return $"{value.Name}: {value.DType} {value.Shape}{quant}";
    }

    static string Describe(Preprocessing? record) => record?.Kind switch
    {
        InputKind.Image => $", a picture ({record.Channels}, {record.Resize}, "
            + $"(pixel − {record.Mean}) · {record.Scale})",
        InputKind.Audio => $", sound at {record.SampleRate} Hz",
        _ => "",
    };

    static void Write(Utf8JsonWriter writer, Model model, ModelAnalysis analysis)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("metadata");
        foreach (var (key, value) in model.Metadata)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
        WriteValues(writer, "inputs", model, model.Main.Inputs);
        WriteValues(writer, "outputs", model, model.Main.Outputs);
        writer.WriteNumber("labels", model.Labels.Count);
        writer.WriteNumber("nodes", NodeCount(model));
        writer.WriteNumber("macs", analysis.TotalMacs);
        writer.WriteNumber("weightBytes", WeightBytes(model));
        writer.WriteNumber("arenaBytes", analysis.Plan.ActivationBytes);
        writer.WriteNumber("stateBytes", analysis.Plan.PersistentBytes);
        writer.WriteEndObject();
    }

    static void WriteValues(Utf8JsonWriter writer, string name, Model model, List<int> indices)
    {
        writer.WriteStartArray(name);
        foreach (var index in indices)
        {
            Value value = model.Main.Values[index];
            writer.WriteStartObject();
            writer.WriteString("name", value.Name);
            WriteType(writer, value.DType, value.Shape);
            if (value.Quant is { IsPerTensor: true } quant)
            {
                writer.WriteNumber("scale", quant.Scale);
                writer.WriteNumber("zeroPoint", quant.ZeroPoint);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    internal static void WriteType(Utf8JsonWriter writer, DType type, Shape shape)
    {
        writer.WriteString("type", type.ToString());
        writer.WriteStartArray("shape");
        foreach (var extent in shape.Dims)
        {
            writer.WriteNumberValue(extent);
        }

        writer.WriteEndArray();
    }
}
