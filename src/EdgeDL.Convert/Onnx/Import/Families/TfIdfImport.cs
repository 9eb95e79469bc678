using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// TfIdfVectorizer over numbers: how often each n-gram of a pool occurs in a row, its elements up
/// to max_skip_count elements apart.
/// </summary>
static class TfIdfImport
{
    public static void Register(OnnxTable t) => t.Add("TfIdfVectorizer", Import);

    static void Import(NodeImport n)
    {
        if (n.HasAttribute("pool_strings"))
        {
            throw n.Unsupported("its pool is text", "turn text into numbers before the model");
        }

        Shape x = n.ShapeOf(0);
        if (x.Rank is not (1 or 2) || n.In(0).DType is not (DType.Int32 or DType.Int64))
        {
            throw n.Fail($"it takes Int32 or Int64 [n, c] or [c], gets {n.In(0)}");
        }

        int[] pool = n.Ints("pool_int64s") ?? [];
        int[] counts = n.Ints("ngram_counts") ?? [];
        int[] places = n.Ints("ngram_indexes") ?? [];
        int rows = x.Rank == 2 ? x[0] : 1;
        int rank2 = n.Reshape(n.Input(0), rows, x[-1]);
        var found = new List<int>();
        var kept = new List<int>();
        for (int length = 1, gram = 0; length <= counts.Length; length++)
        {
            int begin = counts[length - 1];
            int end = length < counts.Length ? counts[length] : pool.Length;
            if (begin < 0 || end < begin || end > pool.Length || (end - begin) % length != 0)
            {
                throw n.Fail($"numbers {begin} to {end} of its pool of {pool.Length} are no "
                    + $"{length}-grams");
            }

            int grams = (end - begin) / length;
            if (length >= n.Int("min_gram_length", 1) && length <= n.Int("max_gram_length", 1)
                && grams > 0)
            {
                found.Add(Count(n, rank2, pool[begin..end], length));
                kept.AddRange(Enumerable.Range(gram, grams));
            }

            gram += grams;
        }

        Emit(n, found, kept, places, x);
    }

    // [rows, grams]
    static int Count(NodeImport n, int x, int[] pool, int length)
    {
        int rows = n[x].Shape[0];
        int columns = n[x].Shape[1];
        int grams = pool.Length / length;
        int wanted = n.Constant<int>($"{length}-grams", new Shape(1, 1, grams, length), pool);
        wanted = n.Add(new Cast(n[x].DType), $"wanted {length}", wanted);
        int sum = n.Constant<float>($"none {length}", new Shape(rows, grams),
            new float[rows * grams]);
        int skips = length == 1 ? 0 : n.Int("max_skip_count", 0);
        for (int skip = 0; skip <= skips; skip++)
        {
            int step = skip + 1;
            int positions = columns - ((length - 1) * step);
            if (positions <= 0)
            {
                break;
            }

            string name = $"{length} skip {skip}";
            int[] parts = [.. Enumerable.Range(0, length).Select(k => n.Reshape(
                n.Add(new Slice([0, k * step], [rows, positions]), $"{name} part {k}", x),
                rows, positions, 1, 1))];
            int window = length == 1
                ? parts[0]
                : n.Add(new Concat(3), $"{name} windows", parts);
            int equal = n.Add(new Equal(), $"{name} equal", window, wanted);
            int all = n.Add(new ReduceAll(new ReduceAxes([3], false)), $"{name} all", equal);
            int ones = n.Add(new Cast(DType.Float32), $"{name} ones", all);
            int count = n.Add(new Sum(new ReduceAxes([1], false)), $"{name} count", ones);
            sum = n.Add(new Add(Activation.None), $"{name} sum", sum, count);
        }

        return sum;
    }

    static void Emit(NodeImport n, List<int> found, List<int> kept, int[] places, Shape x)
    {
        int outputs = places.Length == 0 ? 0 : places.Max() + 1;
        float[] weights = n.Floats("weights") ?? [.. Enumerable.Repeat(1f, places.Length)];
        string mode = n.Text("mode", "");
        if (found.Count == 0 || places.Any(p => p < 0) || kept[^1] >= places.Length
            || weights.Length != places.Length || mode is not ("TF" or "IDF" or "TFIDF")
            || (long)outputs * kept.Count > 1 << 24)
        {
            throw n.Fail($"mode '{mode}', {places.Length} places and {weights.Length} weights do "
                + "not fit its pool");
        }

        int counts = found.Count == 1 ? found[0] : n.Add(new Concat(1), "counts", [.. found]);
        if (mode == "IDF")
        {
            counts = n.Add(new Relu0To1(), "occurs", counts);
        }

        var matrix = new float[outputs * kept.Count];
        for (int k = 0; k < kept.Count; k++)
        {
            matrix[(places[kept[k]] * kept.Count) + k] = mode == "TF" ? 1 : weights[kept[k]];
        }

        int map = n.Constant<float>("places", new Shape(outputs, kept.Count), matrix);
        int y = n.Add(
            new FullyConnected(keepDims: false, Activation.None), "scores", counts, map);
        int[] dims = x.Rank == 2 ? [x[0], outputs] : [outputs];
        n.Emit(new Reshape(dims), y);
    }
}
