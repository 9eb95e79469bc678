using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes;

/// <summary>Takes out nodes that nothing depends on, the last first.</summary>
sealed class DeadCode : IPass
{
    public string Name => "dead-code";

    public void Run(GraphEdit graph, Action<string> did)
    {
        Node[] nodes = graph.Nodes;
        for (int n = nodes.Length - 1; n >= 0; n--)
        {
            Node node = nodes[n];
            bool isRead = Array.Exists(
                node.Outputs, o => graph.IsOutput(o) || graph.Readers(o).Count > 0);
            if (!isRead && !HasState(node.Op.OpCode))
            {
                graph.Remove(node);
                did($"took out {node}, which nothing reads");
            }
        }
    }

    // Recurrent and signal ops may carry state from run to run, control flow may write variables.
    static bool HasState(OpCode code) => code >= OpCode.Lstm;
}
