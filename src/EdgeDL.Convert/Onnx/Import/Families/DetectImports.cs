using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Boxes and regions, and blocks of pixels.</summary>
static class DetectImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("DepthToSpace", n => Blocks(n, block => new DepthToSpace(
            block, n.Text("mode", "DCR") == "CRD")));
        t.Add("SpaceToDepth", n => Blocks(n, block => new SpaceToDepth(block)));
        t.Add("RoiAlign", RoiAlign);
        t.Add("MaxRoiPool", MaxRoiPool);
        t.Add("NonMaxSuppression", NonMaxSuppression);
        t.Add("Col2Im", Col2Im);
        t.Add("CenterCropPad", CenterCropPad);
    }

    static void Blocks(NodeImport n, Func<int, Op> make)
    {
        Op op = make(n.Int("blocksize", 1));
        n.SetOutput(0, n.ChannelsFirst(
            n.Add(op, "channels-last", n.ChannelsLast(n.Input(0)))));
    }

    static void RoiAlign(NodeImport n)
    {
        string mode = n.Text("mode", "avg");
        string coordinates = n.Text("coordinate_transformation_mode", "half_pixel");
        var op = new RoiAlign(new RoiAlignSettings
        {
            Rows = n.Int("output_height", 1),
            Columns = n.Int("output_width", 1),
            Samples = n.Int("sampling_ratio", 0),
            Scale = n.Float("spatial_scale", 1),
            // Until version 16 there was only one way.
            HalfPixel = n.Opset >= 16 && coordinates == "half_pixel",
            Maximum = mode == "max",
        });
        if (mode is not ("avg" or "max")
            || coordinates is not ("half_pixel" or "output_half_pixel"))
        {
            throw n.Fail($"mode '{mode}' and coordinates '{coordinates}' are not RoiAlign's");
        }

        n.SetOutput(0, n.ChannelsFirst(n.Add(
            op, "channels-last", n.ChannelsLast(n.Input(0)), n.Input(1), n.Input(2))));
    }

    static void MaxRoiPool(NodeImport n)
    {
        if (n.Ints("pooled_shape") is not [int rows, int columns])
        {
            throw n.Fail("its pooled_shape is not rows and columns");
        }

        var op = new RoiPool(rows, columns, n.Float("spatial_scale", 1));
        n.SetOutput(0, n.ChannelsFirst(n.Add(
            op, "channels-last", n.ChannelsLast(n.Input(0)), n.Input(1))));
    }

    static void NonMaxSuppression(NodeImport n)
    {
        (Shape boxes, Shape scores) = (n.ShapeOf(0), n.ShapeOf(1));
        if (boxes.Rank != 3 || scores.Rank != 3)
        {
            throw n.Fail($"it takes boxes [N, B, 4] and scores [N, K, B], gets {boxes} and "
                + $"{scores}");
        }

        int[] inputs = [n.Input(0), n.Input(1), n.Input(2), n.Input(3), n.Input(4)];
        bool centers = n.Flag("center_point_box");
        if (DeclaredRows(n) is { } declared)
        {
            n.Emit(new BoxSelection(declared, centers), inputs);
            return;
        }

        long each = !n.Has(2) ? 0
            : n.Longs(2, "number of boxes") is [long one] ? Math.Min(one, boxes[1])
            : throw n.Fail($"its number of boxes is {n.ShapeOf(2)}, not one number");
        long most = Math.Max(each, 0) * scores[0] * scores[1];
        if (most > 1 << 20)
        {
            throw n.Unsupported($"it may select {most} boxes",
                "export it with fewer boxes of each class");
        }

        var op = new BoxSelection((int)most, centers);
        if (IsOnlyAnOutput(n))
        {
            n.Graph.Model.Log?.Invoke(
                $"{n.Place} gives {most} rows; those behind the last box are filled with -1");
            n.Emit(op, inputs);
            return;
        }

        int[] found = n.AddMany(op, "selected", 2, inputs);
        int count = n.Graph.Known[found[1]] is { } known
            ? known.As<int>()[0]
            : throw n.Unsupported("how many boxes it selects depends on data",
                "end the model at its boxes and scores, or at this node");
        n.SetOutput(0, n.Add(new Slice([0, 0], [count, 3]), "filled", found[0]));
    }

    // How many boxes the file says there are, if it does.
    static int? DeclaredRows(NodeImport n)
    {
        string name = n.Node.Output[0];
        GraphProto main = n.Graph.Model.File.Graph;
        ValueInfoProto? info = name != n.Name ? null
            : main.Output.Concat(main.ValueInfo).FirstOrDefault(v => v.Name == name);
        return info?.Type?.TensorType?.Shape is { Dim.Count: 2 } shape
            && shape.Dim[0].ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue
            && shape.Dim[0].DimValue is >= 0 and <= 1 << 20 and var rows
            ? (int)rows
            : null;
    }

    static bool IsOnlyAnOutput(NodeImport n)
    {
        string name = n.Node.Output[0];
        GraphProto main = n.Graph.Model.File.Graph;
        return name == n.Name && main.Output.Any(o => o.Name == name)
            && !main.Node.Any(other => other.Input.Contains(name));
    }

    // Every column of blocks is one output of a transposed convolution whose weights are ones.
    static void Col2Im(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int[] image = n.Ints(1, "image shape");
        int[] block = n.Ints(2, "block shape");
        int rank = image.Length;
        long taps = block.Aggregate(1L, (a, b) => a * Math.Clamp(b, 0, 1 << 15));
        if (rank is not (1 or 2 or 3) || block.Length != rank || x.Rank != 3
            || taps is < 1 or > 4096
            || x[1] % taps != 0)
        {
            throw n.Fail($"{x} does not hold blocks of [{string.Join("x", block)}] of an image "
                + $"[{string.Join("x", image)}]");
        }

        int[] strides = SpatialAxis.List(n, "strides", rank, 1);
        int[] dilations = SpatialAxis.List(n, "dilations", rank, 1);
        int[] pads = SpatialAxis.List(n, "pads", 2 * rank, 0);
        var axes = new ConvAxis[3];
        int[] counts = [1, 1, 1], extents = [1, 1, 1], kernel = [1, 1, 1];
        Array.Fill(axes, ConvAxis.Unit);
        for (int i = 0; i < rank; i++)
        {
            int a = 3 - rank + i;
            axes[a] = new(strides[i], dilations[i], pads[i], pads[rank + i]);
            long free = (long)image[i] + pads[i] + pads[rank + i]
                - ((block[i] - 1L) * dilations[i]) - 1;
            (extents[a], kernel[a]) = (image[i], block[i]);
            counts[a] = free >= 0 && image[i] > 0
                ? (int)(free / strides[i]) + 1
                : throw n.Fail($"a block of {block[i]} does not fit into {image[i]}");
        }

        int channels = (int)(x[1] / taps);
        int weights = Ones(n, channels, (int)taps, kernel);
        int columns = n.ChannelsLast(n.Reshape(n.Input(0), [x[0], x[1], .. counts]));
        int y = n.Add(
            new Conv3DTranspose(new(axes[0], axes[1], axes[2]), extents[0], extents[1], extents[2],
                Activation.None),
            "channels-last", columns, weights);
        n.SetOutput(0, n.Reshape(n.ChannelsFirst(y), [x[0], channels, .. image]));
    }

    // [channels, taps…, taps]: tap k of a channel reads just number k of its block.
    static int Ones(NodeImport n, int channels, int taps, int[] kernel)
    {
        long count = (long)channels * taps * taps;
        if (count > Shape.MaxElements || !n.Graph.Model.Budget.TryTake(count * sizeof(float)))
        {
            throw n.Unsupported($"blocks of {taps} in {channels} channels are too large",
                "export the model with smaller blocks");
        }

        var ones = new float[count];
        for (int i = 0; i < channels * taps; i++)
        {
            ones[((long)i * taps) + (i % taps)] = 1;
        }

        return n.Constant<float>(
            "weights", new Shape([channels, .. kernel, taps]), ones);
    }

    static void CenterCropPad(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int[] wanted = n.Ints(1, "shape");
        int[] axes = n.Ints("axes") is { } given
            ? [.. given.Select(a => n.Axis(a, x.Rank))]
            : [.. Enumerable.Range(0, x.Rank)];
        if (axes.Length != wanted.Length || wanted.Any(w => w < 0))
        {
            throw n.Fail($"it has [{string.Join("x", wanted)}] for {axes.Length} axes of {x}");
        }

        int[] begin = new int[x.Rank], before = new int[x.Rank], after = new int[x.Rank];
        int[] size = x.ToArray();
        for (int i = 0; i < axes.Length; i++)
        {
            int a = axes[i];
            begin[a] = Math.Max(x[a] - wanted[i], 0) / 2;
            size[a] = Math.Min(x[a], wanted[i]);
            before[a] = (wanted[i] - size[a]) / 2;
            after[a] = wanted[i] - size[a] - before[a];
        }

        n.Emit(new Pad(before, after), n.Add(new Slice(begin, size), "cropped", n.Input(0)));
    }
}
