using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// softmax(Q Kᵀ · scale + mask) V by heads, and turning by position, as matrix products and
/// softmax.
/// </summary>
static class AttentionImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("Attention", Standard);
        t.Add("RotaryEmbedding", RotaryImport.Standard);
        t.Add(OnnxTable.Microsoft, "Attention", Packed);
        t.Add(OnnxTable.Microsoft, "MultiHeadAttention", MultiHead);
        t.Add(OnnxTable.Microsoft, "RotaryEmbedding", RotaryImport.Microsoft);
    }

    /// <summary>What attention is computed from; [batch, heads, time, width] each.</summary>
    /// <param name="Mask">Added to the products; −1 for none.</param>
    sealed record Operands(int Q, int K, int V, int Mask, float Scale);

    // Inputs: Q, K, V, mask, past K, past V.
    static void Standard(NodeImport n)
    {
        bool flat = n.ShapeOf(0).Rank == 3;
        int q = flat ? Heads(n, n.Input(0), n.Int("q_num_heads", 0)) : n.Input(0);
        int k = flat ? Heads(n, n.Input(1), n.Int("kv_num_heads", 0)) : n.Input(1);
        int v = flat ? Heads(n, n.Input(2), n.Int("kv_num_heads", 0)) : n.Input(2);
        if (n[q].Shape.Rank != 4 || n[k].Shape.Rank != 4 || n[v].Shape.Rank != 4)
        {
            throw n.Fail($"it attends with {n[q].Shape}, {n[k].Shape} and {n[v].Shape}");
        }

        if (n.Wants(3) || n.Float("softcap", 0) != 0)
        {
            throw n.Unsupported("it caps its products, or gives them away",
                "export the model with attention decomposed");
        }

        k = n.Has(4) ? n.Add(new Concat(2), "keys", n.Input(4), k) : k;
        v = n.Has(5) ? n.Add(new Concat(2), "values", n.Input(5), v) : v;
        n.SetOutput(1, k);
        n.SetOutput(2, v);
        int mask = n.Has(3) ? Mask(n, n.Input(3)) : -1;
        if (n.Flag("is_causal"))
        {
            mask = Both(n, mask, Causal(
                n, n[q].Shape[2], n[k].Shape[2],
                n.Has(4) ? n.ShapeOf(4)[2] : 0));
        }

        float scale = n.Float("scale", 0);
        int y = Attend(n, new(q, k, v, mask, scale));
        n.SetOutput(0, flat ? Joined(n, y) : y);
    }

    // Inputs: x [batch, time, width], weights of Q, K and V side by side, their bias, a mask.
    static void Packed(NodeImport n)
    {
        int heads = n.Int("num_heads", 0);
        if (n.Has(4) || n.Has(6) || n.ShapeOf(0).Rank != 3 || n.ShapeOf(1).Rank != 2)
        {
            throw n.Unsupported("it keeps past keys, or is of an unusual rank",
                "export the model without a cache");
        }

        int all = MatrixProducts.Multiply(n, n.Input(0), n.Input(1));
        all = n.Has(2) ? n.Add(new Add(Activation.None), "biased", all, n.Input(2)) : all;
        int width = n[all].Shape[2];
        int[] widths = n.Ints("qkv_hidden_sizes") ?? [width / 3, width / 3, width / 3];
        if (widths.Length != 3 || widths.Sum(w => (long)w) != width)
        {
            throw n.Fail($"{width} numbers are not Q, K and V");
        }

        int[] parts = n.AddMany(new Split(2, widths), "parts", 3, all);
        int q = Heads(n, parts[0], heads);
        int k = Heads(n, parts[1], heads);
        int mask = n.Has(3) ? Kept(n, 3, n.ShapeOf(0)) : -1;
        mask = n.Has(5) ? Both(n, mask, n.Input(5)) : mask;
        int time = n[k].Shape[2];
        mask = n.Flag("unidirectional") ? Both(n, mask, Causal(n, time, time, 0)) : mask;
        int y = Attend(
            n, new(q, k, Heads(n, parts[2], heads), mask, n.Float("scale", 0)));
        n.SetOutput(0, Joined(n, y));
    }

    // Inputs: Q, K and V [batch, time, width], a bias for all, a mask of keys, one to add.
    static void MultiHead(NodeImport n)
    {
        int heads = n.Int("num_heads", 0);
        if (!n.Has(1) || !n.Has(2) || n.Has(6) || n.Has(7) || n.ShapeOf(1).Rank != 3
            || n.ShapeOf(2).Rank != 3)
        {
            throw n.Unsupported("its operands are packed, or it keeps past keys",
                "export the model with Q, K and V apart and without a cache");
        }

        int[] operands = [n.Input(0), n.Input(1), n.Input(2)];
        if (n.Has(3))
        {
            int[] widths = [.. operands.Select(v => n[v].Shape[-1])];
            int[] bias = n.AddMany(new Split(0, widths), "bias", 3, n.Input(3));
            operands = [.. operands.Select(
                (v, i) => n.Add(new Add(Activation.None), $"biased {i}", v, bias[i]))];
        }

        int mask = n.Has(4) ? Kept(n, 4, n[operands[1]].Shape) : -1;
        mask = n.Has(5) ? Both(n, mask, n.Input(5)) : mask;
        int time = n[operands[1]].Shape[1];
        mask = n.Flag("unidirectional")
            ? Both(n, mask, Causal(n, n.ShapeOf(0)[1], time, 0))
            : mask;
        int[] split = [.. operands.Select(v => Heads(n, v, heads))];
        int y = Attend(n, new(split[0], split[1], split[2], mask, n.Float("scale", 0)));
        n.SetOutput(0, Joined(n, y));
    }

    static int Attend(NodeImport n, Operands o)
    {
        Shape q = n[o.Q].Shape;
        int k = Repeated(n, o.K, q[1]);
        int v = Repeated(n, o.V, q[1]);
        float scale = o.Scale != 0 ? o.Scale : 1 / MathF.Sqrt(q[3]);
        int scaled = n.Add(new Mul(Activation.None), "scaled", o.Q,
            n.Scalar("scale", scale, DType.Float32));
        int products = n.Add(new BatchMatMul(false, true), "products", scaled, k);
        products = o.Mask < 0 ? products
            : n.Add(new Add(Activation.None), "masked", products, o.Mask);
        int weights = n.Add(new Softmax(3, 1), "weights", products);
        return n.Add(new BatchMatMul(false, false), "attended", weights, v);
    }

    // Some heads of keys serve several of queries.
    static int Repeated(NodeImport n, int value, int heads)
    {
        Shape s = n[value].Shape;
        if (s[1] == heads)
        {
            return value;
        }

        if (s[1] == 0 || heads % s[1] != 0)
        {
            throw n.Fail($"{s[1]} heads of keys don't serve {heads} of queries");
        }

        int one = n.Reshape(value, s[0], s[1], 1, s[2], s[3]);
        int many = n.Add(
            new BroadcastTo([s[0], s[1], heads / s[1], s[2], s[3]]), "repeated", one);
        return n.Reshape(many, s[0], heads, s[2], s[3]);
    }

    /// <summary>[batch, time, heads · width] as [batch, heads, time, width].</summary>
    public static int Heads(NodeImport n, int value, int heads)
    {
        Shape s = n[value].Shape;
        return s.Rank == 3 && heads > 0 && s[2] % heads == 0
            ? n.Transpose(n.Reshape(value, s[0], s[1], heads, s[2] / heads), 0, 2, 1, 3)
            : throw n.Fail($"{s} does not fall into {heads} heads");
    }

    /// <summary>[batch, heads, time, width] as [batch, time, heads · width].</summary>
    public static int Joined(NodeImport n, int value)
    {
        Shape s = n[value].Shape;
        return n.Reshape(n.Transpose(value, 0, 2, 1, 3), s[0], s[2], s[1] * s[3]);
    }

    // Truth values say what is kept.
    static int Mask(NodeImport n, int mask) => n[mask].DType == DType.Bool
        ? n.Add(new Select(), "mask", mask, n.Scalar("kept", 0, DType.Float32), Least(n))
        : mask;

    static int Least(NodeImport n) => n.Scalar("dropped", -1e30, DType.Float32);

    // 1 for each key that is kept, [batch, time]; or how many are, [batch].
    static int Kept(NodeImport n, int i, Shape keys)
    {
        int given = n.Input(i);
        Shape s = n[given].Shape;
        int kept;
        if (s.Rank == 2 && s[0] == keys[0] && s[1] == keys[1])
        {
            kept = n.Add(new Cast(DType.Bool), "kept", given);
        }
        else if (s.Rank == 1 && s[0] == keys[0])
        {
            int lengths = n.Add(new Cast(DType.Int64), "lengths", given);
            kept = n.Add(new Less(), "kept",
                n.Reshape(n.Places("places", keys[1], k => k), 1, keys[1]),
                n.Reshape(lengths, keys[0], 1));
        }
        else
        {
            throw n.Unsupported($"its mask is {s}", "use a mask [batch, time]");
        }

        return Mask(n, n.Reshape(kept, keys[0], 1, 1, keys[1]));
    }

    static int Both(NodeImport n, int mask, int other) =>
        mask < 0 ? other : n.Add(new Add(Activation.None), "masks", mask, other);

    // A query sees the keys up to its own place.
    static int Causal(NodeImport n, int queries, int keys, int past)
    {
        if (!n.Graph.Model.Budget.TryTake((long)queries * keys * sizeof(float)))
        {
            throw n.Unsupported($"its mask is {queries} by {keys}", "use shorter sequences");
        }

        var mask = new float[queries * keys];
        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = i % keys <= (i / keys) + past ? 0 : -1e30f;
        }

        return n.Constant<float>("causal", new Shape(queries, keys), mask);
    }
}
