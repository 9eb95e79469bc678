namespace EdgeDL.Convert.Tests.Onnx.Nodes;

/// <summary>Convolutions in 1 to 3 dimensions, grouped and not.</summary>
static class ConvNodes
{
    static readonly string[] extents = ["13", "9x11", "6x7x5"];
    static readonly string[] kernels = ["3", "3x2", "3x2x3"];

    public static IEnumerable<string> Texts => [.. Forward(), .. Transposed()];

    static IEnumerable<string> Forward()
    {
        foreach ((int groups, int inputs, int outputs) in Groups())
        {
            for (int rank = 1; rank <= 3; rank++)
            {
                string x = $"f2x{inputs}x{extents[rank - 1]}";
                string w = $"F{outputs}x{inputs / groups}x{kernels[rank - 1]} F{outputs}";
                string at = $"Conv 11 {x} {w} | group={groups}";
                yield return $"{at} strides={All(rank, 2)} pads={All(rank, 1)},{All(rank, 2)}";
                yield return $"{at} dilations={All(rank, 2)} pads={All(2 * rank, 2)}";
                yield return $"{at} auto_pad=SAME_UPPER strides={All(rank, 2)}";
                yield return $"{at} auto_pad=SAME_LOWER strides={All(rank, 3)}";
                yield return $"{at} auto_pad=VALID";
            }
        }
    }

    static IEnumerable<string> Transposed()
    {
        foreach ((int groups, int inputs, int outputs) in Groups())
        {
            for (int rank = 1; rank <= 3; rank++)
            {
                string x = $"f2x{inputs}x{extents[rank - 1]}";
                string w = $"F{inputs}x{outputs / groups}x{kernels[rank - 1]} F{outputs}";
                string at = $"ConvTranspose 11 {x} {w} | group={groups}";
                string twice = $"strides={All(rank, 2)}";
                yield return at;
                yield return $"{at} {twice} pads={All(rank, 1)},{All(rank, 0)} "
                    + $"output_padding={All(rank, 1)}";
                yield return $"{at} dilations={All(rank, 2)} strides={All(rank, 3)} "
                    + $"output_padding={All(rank, 2)}";
                yield return $"{at} {twice} auto_pad=SAME_UPPER";
                yield return $"{at} {twice} auto_pad=SAME_LOWER";
                string given = string.Join(
                    ',', extents[rank - 1].Split('x').Select(e => 2 * int.Parse(e)));
                yield return $"{at} {twice} output_shape={given}";
            }
        }
    }

    static (int Groups, int Inputs, int Outputs)[] Groups() =>
        [(1, 3, 5), (2, 4, 6), (4, 4, 4), (4, 4, 8)];

    /// <summary>So many equal numbers, as a list.</summary>
    public static string All(int count, int number) =>
        string.Join(',', Enumerable.Repeat(number, count));
}
