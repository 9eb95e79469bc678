using EdgeDL.Ops;
using EdgeDL.Tensors;
using EdgeDL.Testing;
using static EdgeDL.Testing.Args;

namespace EdgeDL.Tests.Ops.Mac;

sealed class BlockFullyConnectedCases : IOpCases
{
    public static IEnumerable<OpCase> Cases()
    {
        (int[] X, int Outputs, int Block)[] shapes =
        [
            ([1, 64], 5, 32), ([3, 50], 7, 16), ([2, 3, 33], 4, 32), ([1, 300], 3, 128),
            ([2, 40], 3, 256), ([1, 6], 2, 2),
        ];
        foreach ((int[] x, int outputs, int block) in shapes)
        {
            foreach (BlockInputs inputs in Enum.GetValues<BlockInputs>())
            {
                Activation activation = outputs == 7 ? Activation.Relu : Activation.None;
                var op = new BlockFullyConnected(inputs, activation);
                string name = $"{inputs} {string.Join('x', x)} by {block}";
                // Activations of up to 4 lose half of a 127th of that in every product.
                double absolute = inputs == BlockInputs.Float
                    ? 1e-5 * x[^1]
                    : x[^1] * 0.24 * 4 / 127 / 2 + 1e-4;
                yield return new(name, op,
                    [F32(x), Weights(outputs, x[^1], block), F32(outputs).Constant()],
                    r => Product(r, activation))
                { Absolute = absolute };
                yield return new($"{name} no bias", op,
                    [F32(x), Weights(outputs, x[^1], block)], r => Product(r, activation))
                { Absolute = absolute };
            }
        }
    }

    static Arg Weights(int outputs, int depth, int block)
    {
        int count = outputs * ((depth + block - 1) / block);
        float[] scales = [.. Enumerable.Range(0, count).Select(b => 0.005f * (1 + (b % 3)))];
        int[] zeros = [.. Enumerable.Range(0, count).Select(b => (b % 16) - 8)];
        return new Arg(DType.Int4, new Shape(outputs, depth))
        {
            Quant = new Quantization(scales, zeros, axis: 0, block),
        }.Between(-0.1, 0.1).Constant();
    }

    static void Product(OpRun r, Activation activation)
    {
        RealTensor x = r.In(0), w = r.In(1), y = r.Out(0);
        int outputs = w.Dim(0), depth = w.Dim(1);
        for (int i = 0; i < y.Count; i++)
        {
            int o = i % outputs;
            double sum = r.HasInput(2) ? r.In(2)[o] : 0;
            for (int k = 0; k < depth; k++)
            {
                sum += x[(i / outputs * depth) + k] * w[(o * depth) + k];
            }

            y[i] = MacCases.Clamp(sum, activation);
        }
    }
}
