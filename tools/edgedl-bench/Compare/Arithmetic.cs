using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Bench.Compare;

/// <summary>What a model computes in, named as its users do.</summary>
static class Arithmetic
{
    public const string Float32 = "fp32";

    /// <summary>By the first op that multiplies by weights; else by the first input.</summary>
    public static string Of(Model model)
    {
        Graph main = model.Main;
        foreach (Node node in main.Nodes)
        {
            if (node.Op is Conv2D or DepthwiseConv2D or FullyConnected or TransposeConv
                or Conv3D or BatchMatMul or Lstm or Svdf)
            {
                DType x = main.Values[node.Inputs[0]].DType;
                bool isPlain = node.Inputs.Skip(1).All(
                    i => i < 0 || main.Values[i].DType == DType.Float32);
                return x == DType.Float32 && !isPlain ? "dynamic int8" : Name(x);
            }
        }

        return main.Inputs.Count == 0 ? "" : Name(main.Values[main.Inputs[0]].DType);
    }

    static string Name(DType type) =>
        type == DType.Float32 ? Float32 : type.ToString().ToLowerInvariant();
}
