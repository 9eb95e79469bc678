using EdgeDL.Ops;
using EdgeDL.Testing;

namespace EdgeDL.Tests.Ops.Mac;

sealed class FullyConnectedCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        var flat = new FullyConnected(false, Activation.None);
        var kept = new FullyConnected(true, Activation.Relu);
        return
        [
            .. MacCases.Each("one row", flat, [1, 33], [21, 33], 0, 21, r => Product(r, flat)),
            .. MacCases.Each("rows", flat, [7, 10], [4, 10], 0, 4, r => Product(r, flat)),
            .. MacCases.Each("flattened", flat, [2, 2, 3, 4], [5, 12], 0, 5, r => Product(r, flat)),
            .. MacCases.Each("kept", kept, [2, 3, 6], [5, 6], 0, 5, r => Product(r, kept)),
        ];
    }

    static void Product(OpRun r, FullyConnected op)
    {
        RealTensor x = r.In(0), w = r.In(1), y = r.Out(0);
        int outputs = w.Dim(0), depth = w.Dim(1);
        for (int i = 0; i < y.Count; i++)
        {
            int o = i % outputs;
            double sum = r.HasInput(2) ? r.In(2)[o] : 0;
            for (int k = 0; k < depth; k++)
            {
                sum += x[i / outputs * depth + k] * w[o * depth + k];
            }

            y[i] = MacCases.Clamp(sum, op.Activation);
        }
    }
}
