using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// Dequantize → op → quantize becomes the op on integers where that is the same function: ops
/// that only move elements, maxima, and functions of one number whose 256 results agree.
/// </summary>
sealed class QuantizedDetourRemoval : IPass
{
    public string Name => "dequantize-op-quantize-fusion";

    public void Run(GraphEdit graph, Action<string> did)
    {
        foreach (Node quantize in graph.Nodes)
        {
            if (quantize.Op is not Quantize || !graph.Has(quantize)
                || graph.Maker(quantize.Inputs[0]) is not { } middle)
            {
                continue;
            }

            if (middle.Op is Dequantize)
            {
                Shorten(graph, middle, quantize, did);
            }
            else if (middle.Inputs.Length == 1 && middle.Outputs.Length == 1
                && graph.OnlyReader(middle.Outputs[0]) == quantize
                && graph.Maker(middle.Inputs[0]) is { Op: Dequantize } dequantize)
            {
                Fuse(graph, dequantize, middle, quantize, did);
            }
        }
    }

    static void Shorten(GraphEdit graph, Node dequantize, Node quantize, Action<string> did)
    {
        Value x = graph.Value(dequantize.Inputs[0]);
        Value y = graph.Value(quantize.Outputs[0]);
        if (x.DType != y.DType || !IsByte(x) || !IsByte(y))
        {
            return;
        }

        byte[]? detour = Detour(x, y);
        bool isIdentity = detour is not null && Quantization.Same(x.Quant, y.Quant)
            && IsCounting(detour);
        if (isIdentity && graph.Replace(quantize.Outputs[0], dequantize.Inputs[0]))
        {
            graph.Remove(quantize);
            did($"took out {quantize}: {dequantize} undoes it");
        }
        else if (detour is not null && ByteTable.Of(x.DType, x.Quant!,
            new ByteTable.Link(new Quantize(y.DType), y.Quant)) is { } direct
            && direct.AsSpan().SequenceEqual(detour))
        {
            graph.Rewire(quantize, quantize.Op, dequantize.Inputs[0]);
            did($"{quantize} reads the integers of {dequantize}");
        }
    }

    static void Fuse(
        GraphEdit graph, Node dequantize, Node middle, Node quantize, Action<string> did)
    {
        Value x = graph.Value(dequantize.Inputs[0]);
        Value y = graph.Value(quantize.Outputs[0]);
        if (x.DType != y.DType || !IsByte(x) || !IsByte(y))
        {
            return;
        }

        bool isSame = Moves(middle.Op)
            ? Quantization.Same(x.Quant, y.Quant) && Detour(x, y) is { } table && IsCounting(table)
            : middle.Op.OpCode is >= OpCode.Abs and < OpCode.Add && Agree(x, y, middle.Op);
        if (isSame)
        {
            graph.Absorb(middle, quantize);
            graph.Rewire(middle, middle.Op, dequantize.Inputs[0]);
            did($"{middle} works on the integers between {dequantize} and {quantize}");
        }
    }

    static bool Agree(Value x, Value y, Op op)
    {
        byte[]? detour = ByteTable.Of(x.DType, x.Quant!, new(new Dequantize(), null), new(op, null),
            new(new Quantize(y.DType), y.Quant));
        byte[]? direct = ByteTable.Of(x.DType, x.Quant!, new ByteTable.Link(op, y.Quant));
        return detour is not null && direct is not null && direct.AsSpan().SequenceEqual(detour);
    }

    static byte[]? Detour(Value x, Value y) => ByteTable.Of(
        x.DType, x.Quant!, new(new Dequantize(), null), new(new Quantize(y.DType), y.Quant));

    static bool IsByte(Value v) =>
        v.DType is DType.Int8 or DType.UInt8 && v.Quant is { IsPerTensor: true };

    static bool IsCounting(byte[] table)
    {
        for (int i = 0; i < table.Length; i++)
        {
            if (table[i] != i)
            {
                return false;
            }
        }

        return true;
    }

    // Ops that give what they get, at another place, or the largest of it.
    static bool Moves(Op op) => op is Reshape or Identity or Transpose or Slice or StridedSlice
        or Pad or MaxPool2D { Activation: Activation.None };
}
