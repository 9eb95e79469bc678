namespace EdgeDL.Testing;

/// <summary>
/// Columns of a table in a document that a test writes, while other tests write the others: what
/// stands in them must be what the code says. EDGEDL_WRITE_DOCS=1 puts it there.
/// </summary>
public static class GeneratedColumns
{
    /// <summary>Compares the columns, or writes them.</summary>
    /// <param name="path">The document.</param>
    /// <param name="name">The section that holds the table.</param>
    /// <param name="columns">The columns, which the table's head must have.</param>
    /// <param name="rows">The first cell of each row, and the cells of these columns.</param>
    public static void Holds(
        string path, string name, string[] columns,
        IEnumerable<(string Row, string[] Cells)> rows)
    {
        string[][] table = [.. GeneratedSection.Lines(path, name).Select(Cells)];
        string[] head = table[0];
        int[] places = [.. columns.Select(c => Array.IndexOf(head, c))];
        if (places.Contains(-1))
        {
            throw new CheckFailedException(
                $"{path}: the table '{name}' lacks one of: {string.Join(", ", columns)}");
        }

        var before = table.Skip(2).ToDictionary(row => row[0]);
        GeneratedSection.Holds(path, name,
        [
            Line(head), Line([.. head.Select((_, i) => i == 0 ? "---" : ":-:")]),
            .. rows.Select(r => Line(Row(r.Row, r.Cells, places, head.Length, before))),
        ]);
    }

    static string[] Row(
        string key, string[] cells, int[] places, int width, Dictionary<string, string[]> before)
    {
        string[] row = new string[width];
        Array.Fill(row, "");
        if (before.TryGetValue(key, out string[]? old))
        {
            old.AsSpan(0, Math.Min(old.Length, width)).CopyTo(row);
        }

        row[0] = key;
        for (int i = 0; i < places.Length; i++)
        {
            row[places[i]] = cells[i];
        }

        return row;
    }

    static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(c => c.Trim())];

    static string Line(string[] cells) => $"| {string.Join(" | ", cells)} |";
}
