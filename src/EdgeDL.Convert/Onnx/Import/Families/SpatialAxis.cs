using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// A window along one spatial axis of a [N, C, …] tensor, its padding resolved.
/// </summary>
readonly record struct SpatialAxis(
    int Input, int Kernel, int Stride, int Dilation, int Before, int After)
{
    /// <summary>How far the window reaches.</summary>
    public long Extent => (Kernel - 1L) * Dilation + 1;

    /// <summary>The windows of a node with attributes strides, dilations, pads, auto_pad.</summary>
    public static SpatialAxis[] Of(NodeImport n, ReadOnlySpan<int> kernel)
    {
        Shape x = n.ShapeOf(0);
        int rank = x.Rank - 2;
        if (rank != kernel.Length || kernel.ContainsAnyExceptInRange(1, 1 << 20))
        {
            throw n.Fail($"it has a window of [{string.Join(", ", kernel.ToArray())}] for {x}");
        }

        int[] strides = List(n, "strides", rank, 1);
        int[] dilations = List(n, "dilations", rank, 1);
        int[] pads = List(n, "pads", 2 * rank, 0);
        var axes = new SpatialAxis[rank];
        for (int i = 0; i < rank; i++)
        {
            axes[i] = new(
                x[i + 2], kernel[i], strides[i], dilations[i], pads[i], pads[rank + i]);
        }

        return axes;
    }

    /// <summary>As <see cref="Of"/>, with the padding that auto_pad asks for.</summary>
    public static SpatialAxis[] Padded(NodeImport n, ReadOnlySpan<int> kernel)
    {
        SpatialAxis[] axes = Of(n, kernel);
        string mode = AutoPad(n);
        return mode switch
        {
            "NOTSET" => axes,
            "VALID" => Array.ConvertAll(axes, a => a with { Before = 0, After = 0 }),
            _ => Array.ConvertAll(axes, a => a.Same(mode == "SAME_LOWER")),
        };
    }

    /// <summary>auto_pad, one of the four that there are.</summary>
    public static string AutoPad(NodeImport n)
    {
        string mode = n.Text("auto_pad", "NOTSET");
        return mode is "NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER" ? mode
            : mode.Length == 0 ? "NOTSET"
            : throw n.Fail($"auto_pad '{mode}' is not one of NOTSET, VALID, SAME_UPPER, "
                + "SAME_LOWER");
    }

    /// <summary>Whole numbers, one for each place; all the same where there are none.</summary>
    public static int[] List(NodeImport n, string name, int length, int otherwise)
    {
        int[]? given = n.Ints(name);
        if (given is null or [])
        {
            given = new int[length];
            Array.Fill(given, otherwise);
        }

        int[] outside = Array.FindAll(given, v => v < otherwise || v > 1 << 20);
        return given.Length == length && outside.Length == 0
            ? given
            : throw n.Fail($"its {name} are [{string.Join(", ", given)}], {length} numbers from "
                + $"{otherwise} to {1 << 20} are needed");
    }

    // ceil(input / stride) windows; the odd element of padding goes behind, or before.
    SpatialAxis Same(bool lower)
    {
        int outputs = (Input + Stride - 1) / Stride;
        long total = Math.Clamp((outputs - 1L) * Stride + Extent - Input, 0, 1 << 30);
        int half = (int)(total / 2);
        int rest = (int)(total - half);
        return lower
            ? this with { Before = rest, After = half }
            : this with { Before = half, After = rest };
    }
}
