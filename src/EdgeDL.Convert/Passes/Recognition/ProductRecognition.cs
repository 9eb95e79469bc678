using EdgeDL.Graphs;
using EdgeDL.Ops;

namespace EdgeDL.Convert.Passes.Recognition;

/// <summary>
/// A pass that finds a function of one number spelled as a product, and puts its op in place;
/// what only the product needed is dead code then.
/// </summary>
abstract class ProductRecognition : IPass
{
    public abstract string Name { get; }

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node node in graph.Nodes)
        {
            if (graph.Has(node) && Product.Of(graph, node) is { } product
                && Find(graph, product) is { } found
                && graph.Value(found.X).Shape == graph.Value(node.Outputs[0]).Shape)
            {
                graph.Rewire(node, found.Op, found.X);
                did($"{node.Name} is {node.Op.OpCode} of '{graph.Value(found.X).Name}'");
            }
        }
    }

    /// <summary>The op that the product spells, and what it is taken of.</summary>
    protected abstract (Op Op, int X)? Find(GraphEdit graph, Product product);
}
