using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// AffineGrid: grid = [x, (y, z,) 1] · θᵀ at every place of an output; the places are constants.
/// </summary>
static class AffineGridImport
{
    public static void Import(NodeImport n)
    {
        Shape theta = n.ShapeOf(0);
        int[] size = n.Ints(1, "size");
        int axes = size.Length - 2;
        if (axes is not (2 or 3) || theta.Rank != 3 || theta[0] != size[0] || theta[1] != axes
            || theta[2] != axes + 1)
        {
            throw n.Fail($"θ {theta} does not go with a size of [{string.Join("x", size)}]");
        }

        int[] extents = size[2..];
        int places = TensorData.ShapeOf([.. extents.Select(e => (long)e)], n.Place).Elements;
        if (!n.Graph.Model.Budget.TryTake((long)places * (axes + 1) * sizeof(float)))
        {
            throw n.Fail($"it makes a grid of {places} places");
        }

        int grid = n.Constant<float>(
            "places", new Shape(1, places, axes + 1), Places(extents, n.Flag("align_corners")));
        int all = n.Add(new BatchMatMul(false, true), "product", grid, n.Input(0));
        n.SetOutput(0, n.Reshape(all, [size[0], .. extents, axes]));
    }

    static float[] Places(int[] extents, bool alignsCorners)
    {
        int rank = extents.Length;
        var places = new float[extents.Aggregate(1, (a, b) => a * b) * (rank + 1)];
        for (int i = 0; i < places.Length; i += rank + 1)
        {
            int rest = i / (rank + 1);
            for (int a = rank - 1; a >= 0; a--)
            {
                (rest, int at) = Math.DivRem(rest, extents[a]);
                int n = extents[a];
                double x = !alignsCorners ? ((2.0 * at) + 1) / n - 1
                    : n > 1 ? (2.0 * at / (n - 1)) - 1 : 0;
                // x, the innermost axis, comes first.
                places[i + rank - 1 - a] = (float)x;
            }

            places[i + rank] = 1;
        }

        return places;
    }
}
