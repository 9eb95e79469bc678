using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;
using DataType = EdgeDL.Convert.Onnx.Schema.TensorProto.Types.DataType;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// Loop: the body is copied for each turn if the number of turns is known, else it becomes the
/// body of a While.
/// </summary>
static class LoopImport
{
    // More are a loop at run time too: copies cost memory and time on the desk and the device.
    const int MaxCopies = 512;

    public static void Import(NodeImport n)
    {
        GraphProto body = n.Body("body");
        int carried = n.InputCount - 2;
        if (carried < 0 || body.Input.Count != carried + 2 || body.Output.Count < carried + 1)
        {
            throw n.Fail($"it carries {carried} values, its body takes {body.Input.Count} inputs "
                + $"and gives {body.Output.Count}");
        }

        long turns = Turns(n);
        if (turns < 0 || (turns > MaxCopies && !CountsTurns(n, body, carried))
            || !TryUnroll(n, body, turns, carried))
        {
            RunTimeLoop.Emit(n, body, carried);
        }
    }

    // Then its length decides a shape, and it must be copied.
    static bool CountsTurns(NodeImport n, GraphProto body, int carried) =>
        body.Output.Count > carried + 1;

    // −1 if not known.
    static long Turns(NodeImport n)
    {
        if (!n.Has(0))
        {
            return n.Has(1) ? MaxCopies : -1;
        }

        bool isRunTime = n[n.Input(0)].Constant is null && n.Known(0) is null;
        return isRunTime ? -1 : Math.Max(n.Longs(0, "trip count") is [var one]
            ? one
            : throw n.Fail("its trip count is not one number"), 0);
    }

    static bool TryUnroll(NodeImport n, GraphProto body, long turns, int carried)
    {
        if (n.Has(1) && n.Known(1) is null)
        {
            return false;
        }

        bool goesOn = !n.Has(1) || n.Known(1)!.Span[0] != 0;
        var state = new Operand[carried];
        for (int i = 0; i < carried; i++)
        {
            state[i] = n.Operand(i + 2);
        }

        int scans = body.Output.Count - 1 - carried;
        var scanned = new List<int>[scans];
        for (int s = 0; s < scans; s++)
        {
            scanned[s] = [];
        }

        for (long turn = 0; goesOn && turn < turns; turn++)
        {
            if (turn == MaxCopies)
            {
                throw n.Unsupported(
                    $"it turns more than {MaxCopies} times and collects a tensor for each",
                    "export it with fewer turns");
            }

            int index = n.Constant<long>($"{turn}", Shape.Scalar, [turn]);
            int condition = n.Constant<bool>($"{turn} on", Shape.Scalar, [true]);
            Operand[] outputs = Body.Inline(n, body, $"{n.Name}/{turn}/",
                [
                    new TensorOperand(index, DType.Int64),
                    new TensorOperand(condition, DType.Bool),
                    .. state,
                ]);
            if (outputs[0] is not TensorOperand next || n.Graph.Known[next.Value] is not { } on)
            {
                return false;
            }

            goesOn = on.Span[0] != 0;
            outputs.AsSpan(1, carried).CopyTo(state);
            for (int s = 0; s < scans; s++)
            {
                scanned[s].Add(Tensor(n, outputs[1 + carried + s]));
            }
        }

        for (int i = 0; i < carried; i++)
        {
            n.SetOutput(i, state[i]);
        }

        for (int s = 0; s < scans; s++)
        {
            n.SetOutput(carried + s, scanned[s].Count > 0
                ? n.Add(new Pack(0), $"scan {s}", [.. scanned[s]])
                : Empty(n, body.Output[1 + carried + s]));
        }

        return true;
    }

    internal static int Tensor(NodeImport n, Operand operand) => operand is TensorOperand tensor
        ? tensor.Value
        : throw n.Unsupported("it collects lists", "export the model with tensors instead");

    // No turn: as the file says, with 0 in front.
    static int Empty(NodeImport n, ValueInfoProto output)
    {
        if (output.Type?.TensorType is not { Shape: { } shape } type)
        {
            throw n.Fail($"it never turns, and the shape of '{output.Name}' is not said");
        }

        long[] dims = [0, .. shape.Dim.Select(d => d.HasDimValue ? d.DimValue : 0)];
        var none = new TensorData((DataType)type.ElemType, TensorData.ShapeOf(dims, n.Place), []);
        return n.Graph.Constant(output.Name, none).Value;
    }
}
