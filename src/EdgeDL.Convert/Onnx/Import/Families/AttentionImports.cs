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
    sealed record Operands(int Q, int K, int V, int Mask, float Scale)
    {
        /// <summary>Products are bent to stay below this; 0 for none.</summary>
        public float Cap { get; init; }
    }

    // Inputs: Q, K, V, mask, past K, past V, how many keys are there.
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

        foreach (string window in (string[])["left_window_size", "right_window_size"])
        {
            if (n.Int(window, -1) >= 0)
            {
                throw n.Unsupported($"it attends in a window ({window})",
                    "export the model with the window in the mask");
            }
        }

        if ((n.Has(4) && n.ShapeOf(4).Rank != 4) || (n.Has(5) && n.ShapeOf(5).Rank != 4))
        {
            throw n.Fail("its past keys and values are not of [batch, heads, time, width]");
        }

        int past = n.Has(4) ? n.ShapeOf(4)[2] : 0;
        k = n.Has(4) ? n.Add(new Concat(2), "keys", n.Input(4), k) : k;
        v = n.Has(5) ? n.Add(new Concat(2), "values", n.Input(5), v) : v;
        n.SetOutput(1, k);
        n.SetOutput(2, v);
        var operands = new Operands(
            q, k, v, StandardMask(n, n[q].Shape, n[k].Shape, past), n.Float("scale", 0))
        {
            Cap = n.Float("softcap", 0),
        };
        int y = Attend(n, operands, out int[] stages);
        int mode = n.Int("qk_matmul_output_mode", 0);
        n.SetOutput(3, mode is >= 0 and <= 3
            ? stages[mode]
            : throw n.Fail($"{mode} is no qk_matmul_output_mode"));
        n.SetOutput(0, flat ? Joined(n, y) : y);
    }

    // The mask that is given, of keys that are there, and of those up to the query's own place.
    static int StandardMask(NodeImport n, Shape q, Shape k, int past)
    {
        int mask = n.Has(3) ? Mask(n, Widened(n, n.Input(3), k[2])) : -1;
        int lengths = n.Has(6) ? n.Reshape(
            n.Add(new Cast(DType.Int64), "lengths", n.Input(6)), k[0], 1, 1, 1) : -1;
        if (lengths >= 0)
        {
            mask = Both(n, mask, Before(n, Keys(n, k[2]), lengths));
        }

        if (!n.Flag("is_causal"))
        {
            return mask;
        }

        if (lengths < 0 || n.Has(4))
        {
            return Both(n, mask, Causal(n, q[2], k[2], past));
        }

        // The last query's own place is the last key that is there.
        int own = n.Reshape(n.Places("own", q[2], t => t - q[2] + 1), 1, 1, q[2], 1);
        int end = n.Add(new Add(Activation.None), "end", own, lengths);
        return Both(n, mask, Before(n, Keys(n, k[2]), end));
    }

    static int Keys(NodeImport n, int count) =>
        n.Reshape(n.Places("places", count, t => t), 1, 1, 1, count);

    static int Before(NodeImport n, int places, int end) =>
        Mask(n, n.Add(new Less(), "kept", places, end));

    // A mask may end before the keys do; those behind it are dropped.
    static int Widened(NodeImport n, int mask, int keys)
    {
        Shape s = n[mask].Shape;
        if (s.Rank == 0 || s[-1] >= keys || s[-1] == 1)
        {
            return mask;
        }

        mask = Mask(n, mask);
        int[] behind = s.ToArray();
        behind[^1] = keys - s[-1];
        return n.Add(new Concat(s.Rank - 1), "wide mask", mask,
            n.Add(new BroadcastTo(behind), "behind", Least(n)));
    }

    // Inputs: x [batch, time, width], weights of Q, K and V side by side, their bias, a mask, the
    // past keys and values [2, batch, heads, time, width], what is added to the products.
    static void Packed(NodeImport n)
    {
        int heads = n.Int("num_heads", 0);
        if (n.Has(6) || n.Flag("past_present_share_buffer") || n.ShapeOf(0).Rank != 3
            || n.ShapeOf(1).Rank != 2)
        {
            throw n.Unsupported("it shares the memory of its cache, or is of an unusual rank",
                "export the model without a shared buffer");
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
        int[] split = [.. parts.Select(p => Heads(n, p, heads))];
        int past = n.Has(4) ? Remember(n, split) : 0;
        if (n.Has(4) || n.Wants(1))
        {
            n.SetOutput(1, n.Add(new Pack(0), "present", split[1], split[2]));
        }

        Shape keys = n[split[1]].Shape;
        int mask = n.Has(3) ? Kept(n, 3, keys[0], keys[2]) : -1;
        mask = n.Has(5) ? Both(n, mask, n.Input(5)) : mask;
        mask = n.Flag("unidirectional")
            ? Both(n, mask, Causal(n, n.ShapeOf(0)[1], keys[2], past))
            : mask;
        int y = Attend(
            n, new(split[0], split[1], split[2], mask, n.Float("scale", 0)));
        n.SetOutput(0, Joined(n, y));
    }

    static int Remember(NodeImport n, int[] split)
    {
        if (n.ShapeOf(4) is not { Rank: 5 } past || past[0] != 2)
        {
            throw n.Fail($"its past is {n.ShapeOf(4)}");
        }

        int[] both = n.AddMany(new Unpack(0), "past", 2, n.Input(4));
        split[1] = n.Add(new Concat(2), "keys", both[0], split[1]);
        split[2] = n.Add(new Concat(2), "values", both[1], split[2]);
        return past[3];
    }

    // Inputs: Q, K and V [batch, time, width], a bias for all, a mask of keys, one to add, past K
    // and V [batch, heads, time, width].
    static void MultiHead(NodeImport n)
    {
        int heads = n.Int("num_heads", 0);
        int[] split = HeadsOf(n, heads);
        int past = n.Has(6) ? n.ShapeOf(6)[2] : 0;
        split[1] = n.Has(6) ? n.Add(new Concat(2), "keys", n.Input(6), split[1]) : split[1];
        split[2] = n.Has(7) ? n.Add(new Concat(2), "values", n.Input(7), split[2]) : split[2];
        n.SetOutput(1, split[1]);
        n.SetOutput(2, split[2]);
        Shape keys = n[split[1]].Shape;
        int mask = n.Has(4) ? Kept(n, 4, keys[0], keys[2]) : -1;
        mask = n.Has(5) ? Both(n, mask, n.Input(5)) : mask;
        mask = n.Flag("unidirectional")
            ? Both(n, mask, Causal(n, n[split[0]].Shape[2], keys[2], past))
            : mask;
        int y = Attend(n, new(split[0], split[1], split[2], mask, n.Float("scale", 0)));
        n.SetOutput(0, Joined(n, y));
    }

    // K and V may be by heads already.
    static int[] HeadsOf(NodeImport n, int heads)
    {
        if (n.ShapeOf(0).Rank == 5 || !n.Has(1) || !n.Has(2))
        {
            throw n.Unsupported("its operands are packed",
                "export the model with Q, K and V apart");
        }

        int[] operands = [n.Input(0), n.Input(1), n.Input(2)];
        if (n.Has(3))
        {
            int[] widths = [.. operands.Select(
                v => n[v].Shape.Rank == 3 ? n[v].Shape[-1] : heads * n[v].Shape[-1])];
            int[] bias = n.AddMany(new Split(0, widths), "bias", 3, n.Input(3));
            for (int i = 0; i < operands.Length; i++)
            {
                operands[i] = n[operands[i]].Shape.Rank == 3
                    ? n.Add(new Add(Activation.None), $"biased {i}", operands[i], bias[i])
                    : operands[i];
            }
        }

        return [.. operands.Select(v => n[v].Shape.Rank == 4 ? v : Heads(n, v, heads))];
    }

    static int Attend(NodeImport n, Operands o) => Attend(n, o, out _);

    // The stages are the products, as they are bent, as they are masked, and the weights.
    static int Attend(NodeImport n, Operands o, out int[] stages)
    {
        Shape q = n[o.Q].Shape;
        int k = Repeated(n, o.K, q[1]);
        int v = Repeated(n, o.V, q[1]);
        float scale = o.Scale != 0 ? o.Scale : 1 / MathF.Sqrt(q[3]);
        int scaled = n.Add(new Mul(Activation.None), "scaled", o.Q,
            n.Scalar("scale", scale, DType.Float32));
        int products = n.Add(new BatchMatMul(false, true), "products", scaled, k);
        int bent = o.Cap == 0 ? products : Capped(n, products, o.Cap);
        int masked = o.Mask < 0 ? bent
            : n.Add(new Add(Activation.None), "masked", bent, o.Mask);
        int weights = n.Add(new Softmax(3, 1), "weights", masked);
        stages = [products, bent, masked, weights];
        return n.Add(new BatchMatMul(false, false), "attended", weights, v);
    }

    // cap · tanh(x / cap)
    static int Capped(NodeImport n, int x, float cap)
    {
        int limit = n.Scalar("cap", cap, DType.Float32);
        int y = n.Add(new Div(Activation.None), "share of the cap", x, limit);
        return n.Add(new Mul(Activation.None), "capped", n.Add(new Tanh(), "bent", y), limit);
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

    // 1 for each key that is kept, [batch, keys] or [batch, queries, keys]; or how many are,
    // [batch].
    static int Kept(NodeImport n, int i, int batch, int keys)
    {
        int given = n.Input(i);
        Shape s = n[given].Shape;
        if (s.Rank is 2 or 3 && s[0] == batch && s[-1] == keys)
        {
            int kept = n.Add(new Cast(DType.Bool), "kept", given);
            return Mask(n, n.Reshape(kept, batch, 1, s.Rank == 2 ? 1 : s[1], keys));
        }

        if (s.Rank != 1 || s[0] != batch)
        {
            throw n.Unsupported($"its mask is {s}", "use a mask [batch, time]");
        }

        int lengths = n.Add(new Cast(DType.Int64), "lengths", given);
        return Before(n, Keys(n, keys), n.Reshape(lengths, batch, 1, 1, 1));
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
