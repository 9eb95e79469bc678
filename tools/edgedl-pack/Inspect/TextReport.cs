namespace EdgeDL.Pack.Inspect;

/// <summary>The report for a terminal.</summary>
static class TextReport
{
    const int PictureWidth = 72;

    public static void Write(ModelReport r, TextWriter to)
    {
        to.WriteLine($"{r.Name}: {Text.Bytes(r.FileBytes)}");
        foreach (KeyValuePair<string, string> fact in r.Metadata)
        {
            to.WriteLine($"  {fact.Key}: {fact.Value}");
        }

        to.WriteLine();
        Tensors(to, "input", r.Inputs);
        Tensors(to, "output", r.Outputs);
        Tensors(to, "variable", r.Variables);
        if (r.Labels > 0)
        {
            to.WriteLine($"labels    {r.Labels}");
        }

        foreach (EdgeDL.Graphs.Preprocessing p in r.Preprocessing)
        {
            to.WriteLine($"prepare   input {p.Input}: {p.Kind} {p.Channels} {p.Resize}, "
                + $"(x - {p.Mean}) * {p.Scale}{(p.Direct ? ", direct" : "")}"
                + (p.SampleRate > 0 ? $", {p.SampleRate} Hz" : ""));
        }

        to.WriteLine();
        Nodes(to, r.Nodes);
        foreach (GraphRow g in r.Called)
        {
            to.WriteLine();
            to.WriteLine($"graph '{Text.Name(g.Name)}', called by {g.Caller}: "
                + $"{Text.Bytes(g.Bytes)}, bound {g.LowerBoundBytes}");
            Nodes(to, g.Nodes);
        }

        to.WriteLine();
        to.WriteLine($"MACs      {Text.Macs(r.Macs)} ({r.Macs})");
        to.WriteLine($"weights   {Text.Bytes(r.WeightBytes)}");
        if (r.Target is not null)
        {
            to.WriteLine($"packed    {Text.Bytes(r.PackedBytes)} more for {r.Target}, "
                + $"{100.0 * r.PackedBytes / r.FileBytes:0} % of the file");
        }

        to.WriteLine($"transpose {r.Transposes} left"
            + (r.Transposes > 0 ? $", {Text.Bytes(r.TransposedBytes)} a run" : ""));
        to.WriteLine($"arena     {Text.Bytes(r.ArenaBytes)}: activations {r.ActivationBytes}, "
            + $"variables {r.PersistentBytes}");
        to.WriteLine($"bound     {Text.Bytes(r.LowerBoundBytes)}: "
            + (r.ActivationBytes == r.LowerBoundBytes
                ? "the activations meet it"
                : $"the activations are "
                    + $"{100.0 * r.ActivationBytes / Math.Max(1, r.LowerBoundBytes) - 100:0.0} "
                        + $"% above"));
        to.WriteLine();
        Picture(to, r);
    }

    static void Tensors(TextWriter to, string what, TensorRow[] rows)
    {
        foreach (TensorRow t in rows)
        {
            to.WriteLine($"{what,-9} {t.Name}: {t.DType} "
                + $"{t.Shape}{(t.Quant == "" ? "" : $", {t.Quant}")}");
        }
    }

    static void Nodes(TextWriter to, NodeRow[] nodes)
    {
        to.WriteLine($"{"#",4} {"op",-20} {"output",-18} {"type",-8} {"MACs",9} {"weights",9} "
            + $"{"live",9}  name");
        foreach (NodeRow n in nodes)
        {
            TensorRow? o = n.Outputs.FirstOrDefault();
            to.WriteLine($"{n.Index,4} {Text.Fit(n.Op, 20)} {Text.Fit(o?.Shape ?? "", 18)} "
                + $"{o?.DType,-8} "
                + $"{Text.Macs(n.Macs),9} {n.WeightBytes,9} {n.LiveBytes,9}  {Text.Name(n.Name)}");
        }
    }

    // A row a storage, first come first: where it lies in the arena, and the steps it lives.
    static void Picture(TextWriter to, ModelReport r)
    {
        to.WriteLine($"arena, 0 to {r.ActivationBytes} bytes");
        double unit = Math.Max(1, r.ActivationBytes) / (double)PictureWidth;
        foreach (StorageRow s in r.Storages.OrderBy(s => s.First).ThenBy(s => s.Offset))
        {
            int from = (int)(s.Offset / unit);
            int end = Math.Clamp(
                (int)Math.Ceiling((s.Offset + s.Bytes) / unit), from + 1, PictureWidth);
            string bar = new string('·', from) + new string('█', end - from)
                + new string('·', PictureWidth - end);
            to.WriteLine($"{s.First,4}-{s.Last,-4} {bar} {s.Bytes,8} {Text.Name(s.Name)}");
        }
    }
}
