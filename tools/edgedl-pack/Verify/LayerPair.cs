using EdgeDL.OnnxRuntime;
using EdgeDL.Tensors;

namespace EdgeDL.Pack.Verify;

/// <summary>A tensor that a model and an .onnx file have in common.</summary>
sealed class LayerPair(string name, int output)
{
    public string Name => name;

    /// <summary>Which output it is; −1 for an inner layer.</summary>
    public int Output => output;

    /// <summary>The run in which the two were farthest apart.</summary>
    public Comparison Worst { get; set; }

    /// <summary>
    /// How far the two lie apart: integers in steps, also where one side has the reals that they
    /// stand for; null if the shapes are not each other's in any order of the axes.
    /// </summary>
    /// <remarks>Passes turn layers: where extents repeat, the shapes don't say which axis is which,
    /// so all orders are tried until one is within the limits.</remarks>
    public static Comparison? Compare(TensorView ours, OrtTensor theirs, Limits limits)
    {
        Comparison? best = null;
        foreach (int[] order in Orders(ours.Shape, theirs.Shape))
        {
            Comparison c = Compare(ours, theirs, Places(ours.Shape, theirs.Shape, order));
            best = best is { } b && b.MaxError <= c.MaxError ? best : c;
            if (c.Within(limits))
            {
                return c;
            }
        }

        return best;
    }

    static Comparison Compare(TensorView ours, OrtTensor theirs, int[] places)
    {
        bool steps = !ours.DType.IsFloat();

        // The same 8 bits, signed and unsigned, lie half their range apart.
        int shift = (ours.DType, theirs.DType) switch
        {
            (DType.Int8, DType.UInt8) => 128,
            (DType.UInt8, DType.Int8) => -128,
            _ => 0,
        };
        Quantization? quant = theirs.DType.IsFloat() ? ours.Quant : null;
        var a = new double[places.Length];
        var e = new double[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            e[i] = Comparison.Number(theirs.Bytes, theirs.DType, places[i]);
            a[i] = Comparison.Number(ours.AsBytes(), ours.DType, i) + shift;
            if (steps && quant is { IsPerTensor: true })
            {
                // Reals between two steps are as good as either.
                double exact = (e[i] / quant.Scale) + quant.ZeroPoint;
                e[i] = Math.Abs(exact - a[i]) <= 0.5 ? a[i] : Math.Round(exact);
            }
        }

        return Comparison.Of(a, e, steps);
    }

    /// <summary>An input of the model as the .onnx file takes it.</summary>
    public static OrtTensor Input(TensorView x, OrtPort port)
    {
        int[] dims = x.Shape.ToArray();
        bool same = port.Dims.Length == dims.Length;
        for (int d = 0; same && d < dims.Length; d++)
        {
            same = port.Dims[d] < 0 || port.Dims[d] == dims[d];
        }

        if (same)
        {
            return new OrtTensor(port.Name, x.DType, x.Shape, x.AsBytes().ToArray());
        }

        var first = new Shape(First(dims));
        bool turned = port.Dims.Length == first.Rank;
        for (int d = 0; turned && d < first.Rank; d++)
        {
            turned = port.Dims[d] < 0 || port.Dims[d] == first[d];
        }

        if (!turned)
        {
            throw new UsageException(
                $"input '{x.Name}' is {x.Shape} in the model and {string.Join('x', port.Dims)} "
                    + "in the .onnx file");
        }

        int[] places = Places(x.Shape, first, ChannelsFirst(dims.Length));
        int size = x.DType.Size();
        var bytes = new byte[x.Bytes];
        for (int i = 0; i < places.Length; i++)
        {
            x.AsBytes().Slice(i * size, size).CopyTo(bytes.AsSpan(places[i] * size));
        }

        return new OrtTensor(port.Name, x.DType, first, bytes);
    }

    // Where in the other tensor each of our elements stands; order names its axis for each of
    // ours.
    static int[] Places(Shape ours, Shape theirs, int[] order)
    {
        var places = new int[ours.Elements];
        for (int i = 0; i < places.Length; i++)
        {
            int left = i;
            int place = 0;
            for (int d = order.Length - 1; d >= 0; d--)
            {
                place += left % ours[d] * theirs.Product(order[d] + 1, theirs.Rank);
                left /= ours[d];
            }

            places[i] = place;
        }

        return places;
    }

    // Equal axes first, then channels first, then every other order that fits.
    static IEnumerable<int[]> Orders(Shape ours, Shape theirs)
    {
        const int MostAxes = 4;
        int rank = ours.Rank;
        if (theirs.Rank != rank)
        {
            return [];
        }

        int[] same = [.. Enumerable.Range(0, rank)];
        var orders = new List<int[]> { same };
        if (rank >= 3)
        {
            orders.Add(ChannelsFirst(rank));
        }

        if (rank <= MostAxes)
        {
            orders.AddRange(Permutations(same));
        }

        return orders.Where(o => o.Select((axis, d) => theirs[axis] == ours[d]).All(fits => fits));
    }

    static IEnumerable<int[]> Permutations(int[] axes) => axes.Length <= 1 ? [axes]
        : axes.SelectMany(first => Permutations([.. axes.Where(a => a != first)])
            .Select(rest => (int[])[first, .. rest]));

    static int[] ChannelsFirst(int rank) => [0, .. Enumerable.Range(2, rank - 2), 1];

    static int[] First(int[] last) =>
        last.Length < 3 ? last : [last[0], last[^1], .. last[1..^1]];
}
