using EdgeDL.Convert.Tflite;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Goldens;

/// <summary>
/// A float model as imported, computed in doubles by loops that share nothing with the kernels.
/// It decides where two fp32 runtimes differ by more than the test allows.
/// </summary>
sealed class DoubleModel(string tflite)
{
    /// <summary>The first output for this first input.</summary>
    public double[] Run(ReadOnlySpan<float> input)
    {
        using Model model = TfliteImporter.Import(tflite, new ImportOptions());
        Graph graph = model.Main;
        var values = new RealTensor?[graph.Values.Count];
        int first = Assert.Single(graph.Inputs);
        values[first] = new RealTensor(graph.Values[first].Shape, Widen(input));
        foreach (Node node in graph.Nodes)
        {
            RealTensor?[] inputs = Array.ConvertAll(
                node.Inputs, i => i < 0 ? null : values[i] ??= Constant(graph.Values[i]));
            Value result = graph.Values[node.Outputs[0]];
            var y = new RealTensor(result.Shape, new double[result.Shape.Elements]);
            Compute(node.Op, inputs, y);
            values[node.Outputs[0]] = y;
        }

        return values[graph.Outputs[0]]!.Values;
    }

    static void Compute(Op op, RealTensor?[] inputs, RealTensor y)
    {
        RealTensor x = inputs[0]!;
        switch (op)
        {
            case Conv2D conv:
                Convolve(conv.Window, x, inputs[1]!, y, isDepthwise: false);
                Finish(y, inputs[2], conv.Activation);
                break;
            case DepthwiseConv2D conv:
                Convolve(conv.Window, x, inputs[1]!, y, isDepthwise: true);
                Finish(y, inputs[2], conv.Activation);
                break;
            case FullyConnected connected:
                Multiply(x, inputs[1]!, y);
                Finish(y, inputs[2], connected.Activation);
                break;
            case AveragePool2D pool:
                Average(pool.Window, x, y);
                Finish(y, null, pool.Activation);
                break;
            case Add add:
                y.ForEach((at, i) => y[i] = x.Broadcast(at) + inputs[1]!.Broadcast(at));
                Finish(y, null, add.Activation);
                break;
            case Relu:
                x.Values.CopyTo(y.Values, 0);
                Finish(y, null, Activation.Relu);
                break;
            case Reshape:
                x.Values.CopyTo(y.Values, 0);
                break;
            case Softmax softmax:
                Assert.Equal(x.Rank - 1, softmax.Axis);
                Exponentiate(x, softmax.Beta, y);
                break;
            default:
                Assert.Fail($"no double reference for {op.OpCode}");
                break;
        }
    }

    static void Convolve(
        ConvWindow2D window, RealTensor x, RealTensor w, RealTensor y, bool isDepthwise)
    {
        (ConvAxis tall, ConvAxis wide) = (window.Height, window.Width);
        y.ForEach((at, flat) =>
        {
            double sum = 0;
            for (int ky = 0; ky < w.Dim(1); ky++)
            {
                int row = at[1] * tall.Stride + ky * tall.Dilation - tall.PadBefore;
                for (int kx = 0; kx < w.Dim(2); kx++)
                {
                    int column = at[2] * wide.Stride + kx * wide.Dilation - wide.PadBefore;
                    if (row < 0 || row >= x.Dim(1) || column < 0 || column >= x.Dim(2))
                    {
                        continue;
                    }

                    sum += isDepthwise
                        ? x.At(at[0], row, column, at[3] / (w.Dim(3) / x.Dim(3)))
                            * w.At(0, ky, kx, at[3])
                        : Dot(
                            x.Values.AsSpan(((at[0] * x.Dim(1) + row) * x.Dim(2) + column)
                                * x.Dim(3), x.Dim(3)),
                            w.Values.AsSpan(((at[3] * w.Dim(1) + ky) * w.Dim(2) + kx)
                                * x.Dim(3), x.Dim(3)));
                }
            }

            y[flat] = sum;
        });
    }

    static void Multiply(RealTensor x, RealTensor w, RealTensor y)
    {
        int depth = w.Dim(1), outputs = w.Dim(0);
        for (int i = 0; i < y.Count; i++)
        {
            y[i] = Dot(
                x.Values.AsSpan(i / outputs * depth, depth),
                w.Values.AsSpan(i % outputs * depth, depth));
        }
    }

    static void Average(PoolWindow2D window, RealTensor x, RealTensor y)
    {
        y.ForEach((at, flat) =>
        {
            double sum = 0;
            int count = 0;
            for (int ky = 0; ky < window.KernelHeight; ky++)
            {
                int row = at[1] * window.StrideHeight + ky - window.PadTop;
                for (int kx = 0; kx < window.KernelWidth; kx++)
                {
                    int column = at[2] * window.StrideWidth + kx - window.PadLeft;
                    if (row >= 0 && row < x.Dim(1) && column >= 0 && column < x.Dim(2))
                    {
                        sum += x.At(at[0], row, column, at[3]);
                        count++;
                    }
                }
            }

            y[flat] = sum / count;
        });
    }

    static void Exponentiate(RealTensor x, double beta, RealTensor y)
    {
        int length = x.Dim(-1);
        for (int row = 0; row < x.Count; row += length)
        {
            Span<double> from = x.Values.AsSpan(row, length), to = y.Values.AsSpan(row, length);
            double most = double.NegativeInfinity, sum = 0;
            foreach (double value in from)
            {
                most = Math.Max(most, value);
            }

            for (int i = 0; i < length; i++)
            {
                to[i] = Math.Exp(beta * (from[i] - most));
                sum += to[i];
            }

            for (int i = 0; i < length; i++)
            {
                to[i] /= sum;
            }
        }
    }

    // The bias belongs to the last axis.
    static void Finish(RealTensor y, RealTensor? bias, Activation activation)
    {
        (float low, float high) = activation.Range();
        for (int i = 0; i < y.Count; i++)
        {
            double value = bias is null ? y[i] : y[i] + bias[i % bias.Count];
            y[i] = Math.Clamp(value, low, high);
        }
    }

    static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    static RealTensor Constant(Value value) =>
        new(value.Shape, Widen(value.Constant!.As<float>()));

    static double[] Widen(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }

        return wide;
    }
}
