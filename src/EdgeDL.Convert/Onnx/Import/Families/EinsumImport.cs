using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// Einstein's sums, operand by operand: what no one needs any more is summed, what two share is
/// the depth of a product of matrices.
/// </summary>
static class EinsumImport
{
    // Axes under "…" get these labels, the innermost the last.
    const char Ellipsis = '\u2400';

    sealed record Term(int Value, string Labels);

    public static void Import(NodeImport n)
    {
        string equation = n.Text("equation", "").Replace(" ", "").Replace("...", "…");
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length > 2 || terms.Length != n.InputCount)
        {
            throw n.Fail($"'{equation}' does not fit {n.InputCount} operands");
        }

        Term[] operands = [.. terms.Select((t, i) => new Term(n.Input(i), Expand(n, t, i)))];
        string wanted = sides.Length == 2
            ? Output(n, sides[1], operands)
            : Implied(operands);
        var queue = new Queue<Term>(operands.Select(t => Diagonal(n, t)));
        Term result = queue.Dequeue();
        while (queue.TryDequeue(out Term? next))
        {
            string needed = string.Concat(queue.Select(t => t.Labels)) + wanted;
            result = Contract(n, Sum(n, result, next.Labels + needed),
                Sum(n, next, result.Labels + needed), needed);
        }

        result = Sum(n, result, wanted);
        if (wanted.Distinct().Count() != wanted.Length
            || wanted.Any(c => !result.Labels.Contains(c)))
        {
            throw n.Fail($"'{equation}' asks for axes that no operand has, or twice for one");
        }

        n.SetOutput(0, n.Transpose(
            result.Value, [.. wanted.Select(c => result.Labels.IndexOf(c))]));
    }

    static string Expand(NodeImport n, string term, int i)
    {
        int rank = n.ShapeOf(i).Rank;
        int hidden = rank - (term.Length - (term.Contains('…') ? 1 : 0));
        string labels = term.Replace("…", Hidden(Math.Max(hidden, 0)));
        return labels.Length == rank && labels.All(c => char.IsAsciiLetter(c) || c >= Ellipsis - 8)
            ? labels
            : throw n.Fail($"'{term}' does not fit {n.ShapeOf(i)}");
    }

    static string Hidden(int count) => string.Concat(
        Enumerable.Range(0, count).Select(k => (char)(Ellipsis - count + k)));

    static string Output(NodeImport n, string side, Term[] operands)
    {
        string hidden = Hidden(operands.Max(t => t.Labels.Count(c => c >= Ellipsis - 8)));
        return side.Replace("…", hidden);
    }

    // Without an arrow: the axes under "…", then the labels that stand once, by the alphabet.
    static string Implied(Term[] operands)
    {
        string all = string.Concat(operands.Select(t => t.Labels));
        string hidden = Hidden(operands.Max(t => t.Labels.Count(c => c >= Ellipsis - 8)));
        return hidden + string.Concat(all.Where(
            c => char.IsAsciiLetter(c) && all.Count(d => c == d) == 1).Order());
    }

    // A label that stands twice in one operand takes its diagonal.
    static Term Diagonal(NodeImport n, Term t)
    {
        while (t.Labels.FirstOrDefault(c => t.Labels.Count(d => c == d) > 1) is var c and not '\0')
        {
            int first = t.Labels.IndexOf(c);
            int second = t.Labels.IndexOf(c, first + 1);
            Shape shape = n[t.Value].Shape;
            int extent = shape[first];
            if (shape[second] != extent)
            {
                throw n.Fail($"'{c}' is {extent} and {shape[second]} in one operand");
            }

            int[] rest = [.. Enumerable.Range(0, shape.Rank).Where(
                a => a != first && a != second)];
            int moved = n.Transpose(t.Value, [.. rest, first, second]);
            int flat = n.Reshape(
                moved, [.. rest.Select(a => shape[a]), extent * extent]);
            int diagonal = n.Add(new Gather(rest.Length, 0), "diagonal", flat,
                n.Places("places", extent, k => k * (extent + 1L)));
            t = new Term(diagonal, string.Concat(rest.Select(a => t.Labels[a])) + c);
        }

        return t;
    }

    static Term Sum(NodeImport n, Term t, string needed)
    {
        int[] axes = [.. Enumerable.Range(0, t.Labels.Length).Where(
            a => !needed.Contains(t.Labels[a]))];
        if (axes.Length == 0)
        {
            return t;
        }

        int sum = n.Add(new Sum(new ReduceAxes(axes, false)), "sum", t.Value);
        return new Term(sum, string.Concat(t.Labels.Where(needed.Contains)));
    }

    static Term Contract(NodeImport n, Term a, Term b, string needed)
    {
        string both = string.Concat(a.Labels.Where(b.Labels.Contains));
        string batch = string.Concat(both.Where(needed.Contains));
        string depth = string.Concat(both.Where(c => !needed.Contains(c)));
        string left = string.Concat(a.Labels.Where(c => !both.Contains(c)));
        string right = string.Concat(b.Labels.Where(c => !both.Contains(c)));
        (int x, int w) = (Spread(n, a, b, both), Spread(n, b, a, both));
        (int xs, Func<string, int[]> ofX) = Ordered(n, x, a.Labels, batch + left + depth);
        (int ws, Func<string, int[]> ofW) = Ordered(n, w, b.Labels, batch + depth + right);
        int product = MatrixProducts.Multiply(
            n,
            n.Reshape(xs, Product(ofX(batch)), Product(ofX(left)), Product(ofX(depth))),
            n.Reshape(ws, Product(ofW(batch)), Product(ofW(depth)), Product(ofW(right))));
        return new Term(
            n.Reshape(product, [.. ofX(batch), .. ofX(left), .. ofW(right)]),
            batch + left + right);
    }

    // Axes of extent 1 broadcast to the other operand's.
    static int Spread(NodeImport n, Term own, Term other, string both)
    {
        int[] dims = n[own.Value].Shape.ToArray();
        foreach (char c in both)
        {
            ref int extent = ref dims[own.Labels.IndexOf(c)];
            int there = n[other.Value].Shape[other.Labels.IndexOf(c)];
            extent = extent == 1 ? there
                : there == 1 || there == extent ? extent
                : throw n.Fail($"an axis is {extent} in one operand and {there} in another");
        }

        return n[own.Value].Shape.Dims.SequenceEqual(dims)
            ? own.Value
            : n.Add(new BroadcastTo(dims), "spread", own.Value);
    }

    static (int Value, Func<string, int[]> Extents) Ordered(
        NodeImport n, int value, string labels, string order)
    {
        Shape shape = n[value].Shape;
        int moved = n.Transpose(value, [.. order.Select(c => labels.IndexOf(c))]);
        return (moved, some => [.. some.Select(c => shape[labels.IndexOf(c)])]);
    }

    static int Product(int[] extents) => extents.Aggregate(1, (a, b) => a * b);
}
