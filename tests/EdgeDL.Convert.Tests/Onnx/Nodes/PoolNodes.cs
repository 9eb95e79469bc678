using static EdgeDL.Convert.Tests.Onnx.Nodes.ConvNodes;

namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>Pools in 1 to 3 dimensions.</summary>
static class PoolNodes
{
    static readonly string[] extents = ["13", "9x11", "6x7x5"];
    static readonly string[] kernels = ["3", "3,2", "3,2,3"];

    public static IEnumerable<string> Texts
    {
        get
        {
            for (int rank = 1; rank <= 3; rank++)
            {
                string x = $"f2x3x{extents[rank - 1]}";
                string kernel = $"kernel_shape={kernels[rank - 1]}";
                foreach (string window in Windows(rank))
                {
                    yield return $"MaxPool 12 {x} | {kernel} {window}";
                    yield return $"AveragePool 19 {x} | {kernel} {window}";
                    yield return $"AveragePool 19 {x} | {kernel} {window} count_include_pad=1";
                    yield return $"LpPool 18 {x} | {kernel} {window} p=2";
                    yield return $"LpPool 18 {x} | {kernel} {window} p=3";
                }

                yield return $"GlobalMaxPool 11 {x} |";
                yield return $"GlobalAveragePool 11 {x} |";
                yield return $"GlobalLpPool 11 {x} | p=2";
                yield return $"GlobalLpPool 11 {x} | p=3";
            }

            yield return "MaxPool 12 s2x3x9x8 | kernel_shape=3,3 pads=1,1,1,1";
            yield return "MaxPool 12 b2x3x9x8 | kernel_shape=3,3 dilations=2,2";
        }
    }

    /// <summary>Pools that tell where the maxima are.</summary>
    public static IEnumerable<string> WithIndices
    {
        get
        {
            for (int rank = 1; rank <= 3; rank++)
            {
                foreach (string window in Windows(rank))
                {
                    string at = $"MaxPool 12 f2x3x{extents[rank - 1]} | "
                        + $"kernel_shape={kernels[rank - 1]} {window}";
                    yield return $"{at} storage_order=0";
                    yield return $"{at} storage_order=1";
                }
            }
        }
    }

    static string[] Windows(int rank) =>
    [
        "",
        $"strides={All(rank, 2)} pads={All(2 * rank, 1)}",
        $"strides={All(rank, 2)} ceil_mode=1",
        $"strides={All(rank, 2)} ceil_mode=1 pads={All(2 * rank, 1)}",
        $"strides={All(rank, 3)} ceil_mode=1 pads={All(rank, 0)},{All(rank, 1)}",
        $"strides={All(rank, 2)} auto_pad=SAME_UPPER",
        "auto_pad=SAME_LOWER",
        $"strides={All(rank, 2)} dilations={All(rank, 2)} pads={All(2 * rank, 1)}",
        $"strides={All(rank, 2)} dilations={All(rank, 2)} ceil_mode=1",
    ];
}
