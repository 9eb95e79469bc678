using System.Text.Json;
using EdgeDL.Host.Measuring;

namespace EdgeDL.Pi;

/// <summary>Where a model's time goes, for people and for programs.</summary>
static class NodeTable
{
    /// <summary>The nodes that take longest, the longest first.</summary>
    public static void Print(NodeTime[] nodes, int shown)
    {
        var total = nodes.Sum(node => node.Microseconds);
        if (total <= 0)
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine("      µs      %   GOP/s  node");
        foreach (var node in nodes.OrderByDescending(node => node.Microseconds).Take(shown))
        {
            var rate = node.Macs > 0 ? $"{node.Macs * 2e-3 / node.Microseconds:0.0}" : "–";
            // Converters join the names of what they fused; the first says enough.
            var name = node.Name.Split(';')[0];
            Console.WriteLine(
                $"{node.Microseconds,8:0.0}  {100 * node.Microseconds / total,5:0.0} {rate,7}  "
                + $"{node.Op} {name}");
        }

        if (nodes.Length > shown)
        {
            Console.WriteLine($"     and {nodes.Length - shown} more nodes (--json has them all)");
        }
    }

    public static void Write(Utf8JsonWriter writer, NodeTime[] nodes)
    {
        writer.WriteStartArray("nodes");
        foreach (var node in nodes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", node.Name);
            writer.WriteString("op", node.Op);
            JsonOutput.Number(writer, "microseconds", node.Microseconds, 3);
            writer.WriteNumber("macs", node.Macs);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
