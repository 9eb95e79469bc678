using System.Globalization;
using System.Net;
using System.Text;

namespace EdgeDL.Pack.Inspect;

/// <summary>The report as one self-contained page, the memory timeline drawn as SVG.</summary>
static class HtmlReport
{
    const int Width = 1100;
    const int Height = 420;
    const int Left = 84;
    const int Top = 10;
    const int Bottom = 26;

    public static byte[] Write(ModelReport r)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>{{Escape(r.Name)}}</title>
            <meta name="viewport" content="width=device-width">
            <style>
            :root { color-scheme: light dark; --paper: #fff; --ink: #222; --dim: #666; --rule: #ddd;
              --panel: #fafafa; --peak: #fff3d6 }
            @media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e4e6ea;
              --dim: #9aa0aa; --rule: #33373f; --panel: #1d2026; --peak: #3b3116 } }
            body { font: 14px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 1140px;
              padding: 0 1em; color: var(--ink); background: var(--paper) }
            table { border-collapse: collapse }
            th, td { text-align: left; padding: 2px 12px 2px 0; white-space: nowrap }
            tr { border-bottom: 1px solid var(--rule) }
            td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
            .facts td:first-child, p { color: var(--dim) }
            .facts td:last-child { white-space: normal }
            .nodes { width: 100% }
            .nodes tr.peak { background: var(--peak) }
            div.wide { overflow-x: auto }
            svg { width: 100%; height: auto; font-size: 12px }
            svg text { fill: var(--dim) }
            svg line { stroke: var(--rule) }
            svg rect { stroke: var(--paper); stroke-width: 0.5; opacity: 0.85 }
            svg rect:hover { opacity: 1; stroke: var(--ink); stroke-width: 2 }
            svg polyline { fill: none; stroke: var(--ink); stroke-width: 1.5; pointer-events: none }
            </style></head><body>
            <h1>{{Escape(r.Name)}}</h1>
            <table class="facts">
            <tr><td>file</td><td>{{Text.Bytes(r.FileBytes)}}</td></tr>
            <tr><td>weights</td><td>{{Text.Bytes(r.WeightBytes)}}</td></tr>
            <tr><td>packed for {{Escape(r.Target ?? "no CPU")}}</td>
            <td>{{Text.Bytes(r.PackedBytes)}}</td></tr>
            <tr><td>multiply-accumulates</td><td>{{Text.Macs(r.Macs)}}</td></tr>
            <tr><td>arena</td><td>{{Text.Bytes(r.ArenaBytes)}}</td></tr>
            <tr><td>its activations</td><td>{{Text.Bytes(r.ActivationBytes)}}</td></tr>
            <tr><td>their lower bound</td><td>{{Text.Bytes(r.LowerBoundBytes)}}</td></tr>
            <tr><td>its variables</td><td>{{Text.Bytes(r.PersistentBytes)}}</td></tr>
            <tr><td>transposes left</td><td>{{r.Transposes}}</td></tr>

            """);
        Tensors(page, "input", r.Inputs);
        Tensors(page, "output", r.Outputs);
        Tensors(page, "variable", r.Variables);
        foreach (KeyValuePair<string, string> fact in r.Metadata)
        {
            page.Append($"<tr><td>{Escape(fact.Key)}</td><td>{Escape(fact.Value)}</td></tr>\n");
        }

        page.Append("</table>\n<h2>Memory over time</h2>\n");
        page.Append("<p>Across: the steps of a run. Up: bytes of the arena. A bar is a storage: "
            + "hold the pointer over it for its tensor. The line: what lives at each step.</p>\n");
        Timeline(page, r);
        Nodes(page, r);
        page.Append("</body></html>\n");
        return Encoding.UTF8.GetBytes(page.ToString());
    }

    // Converters join the names of all fused layers: the first is shown, the rest is a tooltip.
    static void Nodes(StringBuilder page, ModelReport r)
    {
        long peak = r.Nodes.Length > 0 ? r.Nodes.Max(n => n.LiveBytes) : 0;
        page.Append("<h2>Nodes</h2>\n<p>Live bytes at their highest are marked.</p>\n"
            + "<div class=\"wide\"><table class=\"nodes\"><tr><th class=\"n\">#</th><th>op</th>"
            + "<th>name</th><th>output</th><th>type</th><th class=\"n\">MACs</th>"
            + "<th class=\"n\">weight bytes</th><th class=\"n\">live bytes</th></tr>\n");
        foreach (NodeRow n in r.Nodes)
        {
            TensorRow? o = n.Outputs.FirstOrDefault();
            string mark = n.LiveBytes == peak ? " class=\"peak\"" : "";
            page.Append(CultureInfo.InvariantCulture,
                $"<tr{mark}><td class=\"n\">{n.Index}</td><td>{n.Op}</td>"
                + $"<td title=\"{Escape(n.Name)}\">{Escape(Text.Name(n.Name))}</td>"
                + $"<td>{o?.Shape}</td><td>{o?.DType}</td><td class=\"n\">{n.Macs:N0}</td>"
                + $"<td class=\"n\">{n.WeightBytes:N0}</td>"
                + $"<td class=\"n\">{n.LiveBytes:N0}</td></tr>\n");
        }

        page.Append("</table></div>\n");
    }

    static void Tensors(StringBuilder page, string what, TensorRow[] rows)
    {
        foreach (TensorRow t in rows)
        {
            page.Append($"<tr><td>{what}</td><td>{Escape(t.Name)}: {t.DType} {t.Shape} "
                + $"{Escape(t.Quant)}</td></tr>\n");
        }
    }

    static void Timeline(StringBuilder page, ModelReport r)
    {
        int steps = Math.Max(1, r.Storages.Select(s => s.Last + 1).Append(r.Nodes.Length).Max());
        double across = (double)(Width - Left) / steps;
        double up = (double)(Height - Top) / Math.Max(1, r.ActivationBytes);
        page.Append($"<svg viewBox=\"0 0 {Width} {Height + Bottom}\" role=\"img\" "
            + "aria-label=\"memory over time\">\n");
        Axes(page, r.ActivationBytes, r.Nodes.Length, across, up);
        for (int i = 0; i < r.Storages.Length; i++)
        {
            StorageRow s = r.Storages[i];
            double height = Math.Max(1, s.Bytes * up);
            page.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{Left + (s.First * across):0.##}\" "
                + $"y=\"{Height - (s.Offset * up) - height:0.##}\" "
                + $"width=\"{(s.Last - s.First + 1) * across:0.##}\" height=\"{height:0.##}\" "
                + $"fill=\"hsl({i * 47 % 360} 55% 60%)\"><title>{Escape(Text.Name(s.Name))}: "
                + $"{s.Bytes:N0} bytes at {s.Offset:N0}, steps {s.First} to {s.Last}</title>"
                + $"</rect>\n");
        }

        page.Append("<polyline points=\"");
        foreach (NodeRow n in r.Nodes)
        {
            double y = Height - (n.LiveBytes * up);
            page.Append(CultureInfo.InvariantCulture,
                $"{Left + (n.Index * across):0.##},{y:0.##} "
                + $"{Left + ((n.Index + 1) * across):0.##},{y:0.##} ");
        }

        page.Append("\"/>\n</svg>\n");
    }

    // Quarters of the arena, and the numbers of about twenty steps.
    static void Axes(StringBuilder page, long bytes, int steps, double across, double up)
    {
        for (int quarter = 0; quarter <= 4; quarter++)
        {
            long at = bytes * quarter / 4;
            double y = Height - (at * up);
            page.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{Left}\" x2=\"{Width}\" y1=\"{y:0.##}\" y2=\"{y:0.##}\"/>"
                + $"<text x=\"{Left - 8}\" y=\"{y + 4:0.##}\" text-anchor=\"end\">"
                + $"{Text.Bytes(at).Split(" (")[0]}</text>\n");
        }

        for (int step = 0; step < steps; step += (steps + 19) / 20)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{Left + ((step + 0.5) * across):0.##}\" y=\"{Height + 18}\" "
                + $"text-anchor=\"middle\">{step}</text>\n");
        }
    }

    static string Escape(string text) => WebUtility.HtmlEncode(text);
}
