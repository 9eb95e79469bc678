using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Control;

sealed class PatchCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        foreach (Arg x in (Arg[])
            [F32(2, 5, 7, 3), I8(0.5f, 3, 2, 5, 7, 3), U8(0.5f, 7, 2, 5, 7, 3),
                I16(0.25f, 2, 5, 7, 3)])
        {
            // Patches of 2x3 do not divide 5x7: the last ones move inwards.
            foreach ((string name, int row, int column) in
                ((string, int, int)[])[("middle", 1, 1), ("up", 0, 2), ("down", 2, 0)])
            {
                yield return new($"{x.Type} {name}", Op(5, 7), [x],
                    r => Shifted(r, row - 1, column - 1))
                {
                    Before = b => Body(b, x, row, column), Out = [x.Quant], Steps = 0,
                };
            }

            // The window begins at (2·2 − 3, 2·0 + 1) of a tensor of 4 x 6.
            yield return new($"{x.Type} corner",
                new PatchBorder(new(2, 3), new(2, -1), 4, 6, BorderFill.Zero),
                [x, Ints(2, 0)], r => Bordered(r, 1, 1, 4, 6)) { Out = [x.Quant], Steps = 0 };
            yield return new($"{x.Type} outside",
                new PatchBorder(new(1, 90), new(1, 90), 4, 6, BorderFill.Zero),
                [x, Ints(2, 0)], r => Bordered(r, -88, -90, 4, 6))
            { Out = [x.Quant], Steps = 0 };
        }

        yield return new("inside",
            new PatchBorder(new(1, 0), new(1, 0), 50, 60, BorderFill.Lowest),
            [F32(2, 5, 7, 3), Ints(2, 8)], r => Bordered(r, 2, 8, 50, 60));
        yield return new("lowest", new PatchBorder(
            new(1, 1), new(1, 1), 5, 7, BorderFill.Lowest), [U8(1, 0, 1, 5, 7, 3), Ints(0, 0)],
            r => Bordered(r, -1, -1, 5, 7)) { Out = [Q(1, 0)], Steps = 0 };
    }

    static Patches Op(int height, int width) =>
        new(1, height, width, new(1, 1), new(1, 1), BorderFill.Zero);

    // A window of 4x5 around a patch of 2x3, of which the body takes a part.
    static void Body(GraphBuilder b, Arg x, int row, int column)
    {
        var body = new GraphBuilder(b.Model, "body");
        int window = body.Input("window", x.Type, new Shape(2, 4, 5, 3), x.Quant);
        _ = body.Input("origin", DType.Int32, new Shape(2));
        body.Output(body.Node(
            new Slice([0, row, column, 0], [2, 2, 3, 3]), "part", [window], x.Quant));
    }

    static void Shifted(OpRun r, int down, int right)
    {
        RealTensor x = r.In(0);
        r.Out(0).ForEach((at, i) =>
        {
            int row = at[1] + down;
            int column = at[2] + right;
            bool isInside = row >= 0 && row < x.Dim(1) && column >= 0 && column < x.Dim(2);
            r.Out(0)[i] = isInside ? x.At(at[0], row, column, at[3]) : 0;
        });
    }

    static void Bordered(OpRun r, int top, int left, int height, int width)
    {
        r.Out(0).ForEach((at, i) =>
        {
            int row = at[1] + top;
            int column = at[2] + left;
            bool isInside = row >= 0 && row < height && column >= 0 && column < width;
            r.Out(0)[i] = isInside ? r.In(0)[i] : 0;
        });
    }
}
