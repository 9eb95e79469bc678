using System.Globalization;
using System.Net;
using System.Text;

namespace EdgeDL.Pack.Inspect;

/// <summary>The report as one self-contained page, the memory timeline drawn as SVG.</summary>
static class HtmlReport
{
    const int Width = 1100;
    const int Height = 420;

    public static byte[] Write(ModelReport r)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>{{Escape(r.Name)}}</title>
            <style>
            body { font: 14px/1.5 system-ui; margin: 2em auto; max-width: 1140px; color: #222 }
            table { border-collapse: collapse; width: 100% }
            th, td { text-align: left; padding: 2px 8px; white-space: nowrap }
            tr { border-bottom: 1px solid #ddd }
            td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
            .facts td:first-child { color: #666 }
            div.wide { overflow-x: auto }
            svg { width: 100%; height: auto; background: #fafafa; border: 1px solid #ddd }
            rect:hover { opacity: 1 }
            </style></head><body>
            <h1>{{Escape(r.Name)}}</h1>
            <table class="facts">
            <tr><td>file</td><td>{{Text.Bytes(r.FileBytes)}}</td></tr>
            <tr><td>weights</td><td>{{Text.Bytes(r.WeightBytes)}}</td></tr>
            <tr><td>multiply-accumulates</td><td>{{Text.Macs(r.Macs)}}</td></tr>
            <tr><td>arena</td><td>{{Text.Bytes(r.ArenaBytes)}}</td></tr>
            <tr><td>its activations</td><td>{{Text.Bytes(r.ActivationBytes)}}</td></tr>
            <tr><td>their lower bound</td><td>{{Text.Bytes(r.LowerBoundBytes)}}</td></tr>
            <tr><td>its variables</td><td>{{Text.Bytes(r.PersistentBytes)}}</td></tr>

            """);
        Tensors(page, "input", r.Inputs);
        Tensors(page, "output", r.Outputs);
        Tensors(page, "variable", r.Variables);
        foreach (KeyValuePair<string, string> fact in r.Metadata)
        {
            page.Append($"<tr><td>{Escape(fact.Key)}</td><td>{Escape(fact.Value)}</td></tr>\n");
        }

        page.Append("</table>\n<h2>Memory over time</h2>\n");
        page.Append("<p>Across: the steps of a run. Up: the arena. A bar is a storage; hold the "
            + "pointer over it for its tensor. "
            + "The line is what lives at each step.</p>\n");
        Timeline(page, r);
        page.Append("<h2>Nodes</h2>\n<div class=\"wide\"><table><tr><th "
            + "class=\"n\">#</th><th>op</th><th>name</th><th>output</th>"
            + "<th>type</th><th class=\"n\">MACs</th><th class=\"n\">weights</th><th "
                + "class=\"n\">live bytes</th></tr>\n");
        foreach (NodeRow n in r.Nodes)
        {
            TensorRow? o = n.Outputs.FirstOrDefault();
            page.Append($"<tr><td "
                + $"class=\"n\">{n.Index}</td><td>{n.Op}</td><td>{Escape(n.Name)}</td>"
                + $"<td>{o?.Shape}</td>"
                + $"<td>{o?.DType}</td><td class=\"n\">{n.Macs}</td><td "
                    + $"class=\"n\">{n.WeightBytes}</td>"
                + $"<td class=\"n\">{n.LiveBytes}</td></tr>\n");
        }

        page.Append("</table></div>\n</body></html>\n");
        return Encoding.UTF8.GetBytes(page.ToString());
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
        double across = (double)Width / (r.Nodes.Length + 1);
        double up = (double)Height / Math.Max(1, r.ActivationBytes);
        page.Append($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"memory "
            + $"over time\">\n");
        for (int i = 0; i < r.Storages.Length; i++)
        {
            StorageRow s = r.Storages[i];
            double height = Math.Max(1, s.Bytes * up);
            page.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{s.First * across:0.##}\" "
                    + $"y=\"{Height - (s.Offset * up) - height:0.##}\" "
                + $"width=\"{(s.Last - s.First + 1) * across:0.##}\" height=\"{height:0.##}\" "
                + $"fill=\"hsl({i * 47 % 360} 55% 60%)\" opacity=\"0.8\" stroke=\"#fff\" "
                    + $"stroke-width=\"0.5\">"
                + $"<title>{Escape(s.Name)}: {s.Bytes} bytes at {s.Offset}, steps {s.First} to "
                    + $"{s.Last}</title></rect>\n");
        }

        page.Append("<polyline fill=\"none\" stroke=\"#222\" stroke-width=\"1.5\" points=\"");
        foreach (NodeRow n in r.Nodes)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"{n.Index * across:0.##},{Height - (n.LiveBytes * up):0.##} "
                + $"{(n.Index + 1) * across:0.##},{Height - (n.LiveBytes * up):0.##} ");
        }

        page.Append("\"/>\n</svg>\n");
    }

    static string Escape(string text) => WebUtility.HtmlEncode(text);
}
