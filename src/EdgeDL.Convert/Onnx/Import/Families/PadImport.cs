using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Pad in its four modes; negative pads cut.</summary>
static class PadImport
{
    public static void Import(NodeImport n)
    {
        Shape x = n.ShapeOf(0);
        int[] pads = Pads(n, x.Rank);
        int y = Crop(n, n.Input(0), pads);
        int[] before = [.. pads[..x.Rank].Select(p => Math.Max(p, 0))];
        int[] after = [.. pads[x.Rank..].Select(p => Math.Max(p, 0))];
        string mode = n.Text("mode", "constant");
        n.SetOutput(0, mode switch
        {
            "constant" => Constant(n, y, before, after),
            "reflect" or "edge" or "wrap" => Gathered(n, y, before, after, mode),
            _ => throw n.Fail($"mode '{mode}' is not one of constant, reflect, edge, wrap"),
        });
    }

    static int[] Pads(NodeImport n, int rank)
    {
        int[] given = n.Opset >= 11
            ? n.Ints(1, "pads")
            : n.Ints("pads") ?? n.Ints("paddings") ?? [];
        int[] axes = n.Opset >= 18 && n.Has(3)
            ? [.. n.Ints(3, "axes").Select(a => n.Axis(a, rank))]
            : [.. Enumerable.Range(0, rank)];
        if (given.Length != 2 * axes.Length)
        {
            throw n.Fail($"it has {given.Length} pads for {axes.Length} axes");
        }

        var pads = new int[2 * rank];
        for (int i = 0; i < axes.Length; i++)
        {
            pads[axes[i]] = given[i];
            pads[rank + axes[i]] = given[axes.Length + i];
        }

        return pads;
    }

    static int Crop(NodeImport n, int x, int[] pads)
    {
        Shape shape = n[x].Shape;
        if (pads.All(p => p >= 0))
        {
            return x;
        }

        var begin = new int[shape.Rank];
        int[] size = shape.ToArray();
        for (int a = 0; a < size.Length; a++)
        {
            begin[a] = Math.Max(-pads[a], 0);
            size[a] -= begin[a] + Math.Max(-pads[shape.Rank + a], 0);
            if (size[a] < 0)
            {
                throw n.Fail($"its pads cut more than axis {a} of {shape} has");
            }
        }

        return n.Add(new Slice(begin, size), "cut", x);
    }

    static int Constant(NodeImport n, int x, int[] before, int[] after)
    {
        var op = new Pad(before, after);
        if (n.Opset >= 11)
        {
            return n.Has(2) ? n.AddNamed(op, n.Name, x, n.Input(2)) : n.AddNamed(op, n.Name, x);
        }

        float border = n.Float("value", 0);
        return border == 0
            ? n.AddNamed(op, n.Name, x)
            : n.AddNamed(op, n.Name, x, n.Scalar("border", border, n[x].DType));
    }

    // Each padded axis is gathered from the places that its border repeats.
    static int Gathered(NodeImport n, int x, int[] before, int[] after, string mode)
    {
        for (int axis = 0; axis < before.Length; axis++)
        {
            if (before[axis] == 0 && after[axis] == 0)
            {
                continue;
            }

            int extent = n[x].Shape[axis];
            var from = new int[TensorData.ShapeOf(
                [(long)before[axis] + extent + after[axis]], n.Place).Elements];
            if (extent == 0)
            {
                throw n.Fail($"axis {axis} has no elements to repeat");
            }

            for (int i = 0; i < from.Length; i++)
            {
                from[i] = Source(i - before[axis], extent, mode);
            }

            int index = n.Constant<int>($"axis {axis}", new Shape(from.Length), from);
            x = n.Add(new Gather(axis, 0), $"padded {axis}", x, index);
        }

        return x;
    }

    static int Source(int i, int extent, string mode)
    {
        if (mode == "edge")
        {
            return Math.Clamp(i, 0, extent - 1);
        }

        if (mode == "wrap")
        {
            return ((i % extent) + extent) % extent;
        }

        int period = Math.Max(2 * (extent - 1), 1);
        int folded = ((i % period) + period) % period;
        return folded < extent ? folded : period - folded;
    }
}
