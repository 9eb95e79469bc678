using EdgeDL.Convert.Onnx.Schema;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>
/// Scan: the body is copied for each element along the scanned axes, whose extents are known.
/// </summary>
static class ScanImport
{
    public static void Import(NodeImport n)
    {
        GraphProto body = n.Body("body");
        bool isBatched = n.Opset < 9;
        int first = isBatched ? 1 : 0;
        int scans = n.Int("num_scan_inputs", 0);
        int states = n.InputCount - first - scans;
        if (scans < 1 || states < 0 || scans > n.InputCount || body.Output.Count < states
            || n.OutputCount > body.Output.Count)
        {
            throw n.Fail($"it has {n.InputCount} inputs, {scans} of them scanned, and its body "
                + $"gives {body.Output.Count} outputs");
        }

        if (isBatched && n.Has(0))
        {
            throw n.Unsupported("its sequences have lengths of their own",
                "export the model with opset 9 or later");
        }

        int[] values = [.. Enumerable.Range(first, states + scans).Select(n.Input)];
        if (!isBatched)
        {
            int[] results = Run(n, body, values, states, "");
            for (int o = 0; o < results.Length; o++)
            {
                n.SetOutput(o, results[o]);
            }

            return;
        }

        Batched(n, body, values, states);
    }

    // Opset 8: axis 0 of everything is the batch.
    static void Batched(NodeImport n, GraphProto body, int[] values, int states)
    {
        int batch = n[values[0]].Shape[0];
        var results = new int[batch][];
        for (int b = 0; b < batch; b++)
        {
            int[] part = [.. values.Select((v, i) => Item(n, v, axis: 0, b, $"{b} input {i}"))];
            results[b] = Run(n, body, part, states, $"{b}/");
        }

        for (int o = 0; o < n.OutputCount; o++)
        {
            n.SetOutput(o, n.Add(new Pack(0), $"batch {o}", [.. results.Select(r => r[o])]));
        }
    }

    static int[] Run(NodeImport n, GraphProto body, int[] values, int states, string prefix)
    {
        int scans = values.Length - states;
        int[] axes = n.Ints("scan_input_axes") ?? new int[scans];
        int[] directions = n.Ints(n.Opset < 9 ? "directions" : "scan_input_directions")
            ?? new int[scans];
        if (directions.Length != scans || axes.Length != scans)
        {
            throw n.Fail($"it has {directions.Length} directions and {axes.Length} axes for "
                + $"{scans} scanned inputs");
        }

        int turns = Turns(n, values[states..], axes);
        Operand[] state = [.. values[..states].Select(Operand)];
        var scanned = new List<int>[body.Output.Count - states];
        for (int s = 0; s < scanned.Length; s++)
        {
            scanned[s] = [];
        }

        for (int turn = 0; turn < turns; turn++)
        {
            var inputs = new List<Operand>(state);
            for (int s = 0; s < scans; s++)
            {
                int at = directions[s] == 0 ? turn : turns - 1 - turn;
                int value = values[states + s];
                int axis = n.Axis(axes[s], n[value].Shape.Rank);
                inputs.Add(Operand(Item(n, value, axis, at, $"{prefix}{turn} scan {s}")));
            }

            Operand[] outputs = Body.Inline(n, body, $"{n.Name}/{prefix}{turn}/", inputs);
            state = outputs[..states];
            for (int s = 0; s < scanned.Length; s++)
            {
                scanned[s].Add(LoopImport.Tensor(n, outputs[states + s]));
            }
        }

        return
        [
            .. state.Select(s => LoopImport.Tensor(n, s)),
            .. scanned.Select((list, s) => Collect(n, list, s, prefix)),
        ];

        TensorOperand Operand(int value) => new(value, n[value].DType);
    }

    static int Collect(NodeImport n, List<int> list, int s, string prefix)
    {
        int[] directions = n.Ints("scan_output_directions") ?? [];
        int[] axes = n.Ints("scan_output_axes") ?? [];
        if (s < directions.Length && directions[s] != 0)
        {
            list.Reverse();
        }

        int axis = s < axes.Length ? n.Axis(axes[s], n[list[0]].Shape.Rank + 1) : 0;
        return n.Add(new Pack(axis), $"{prefix}scanned {s}", [.. list]);
    }

    static int Turns(NodeImport n, int[] values, int[] axes)
    {
        int turns = -1;
        for (int s = 0; s < values.Length; s++)
        {
            Shape shape = n[values[s]].Shape;
            int extent = shape[n.Axis(axes[s], shape.Rank)];
            turns = turns < 0 || turns == extent
                ? extent
                : throw n.Fail($"scanned inputs have {turns} and {extent} elements");
        }

        return turns > 0 ? turns : throw n.Fail("it scans nothing");
    }

    static int Item(NodeImport n, int value, int axis, int at, string suffix)
    {
        Shape shape = n[value].Shape;
        var begin = new int[shape.Rank];
        begin[axis] = at;
        int slice = n.Add(
            new Slice(begin, shape.With(axis, 1).ToArray()), $"{suffix} at {at}", value);
        int[] dims = [.. shape.ToArray().Where((_, a) => a != axis)];
        return n.Add(new Reshape(dims), suffix, slice);
    }
}
