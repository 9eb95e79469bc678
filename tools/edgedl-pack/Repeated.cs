namespace EdgeDL.Pack;

/// <summary>Options that may be given several times.</summary>
static class Repeated
{
    /// <summary>The same arguments with each of these options once, its values joined by ';'.
    /// </summary>
    public static string[] Join(string[] args, params ReadOnlySpan<string> options)
    {
        var joined = new List<string>();
        var places = new Dictionary<string, int>();
        for (int i = 0; i < args.Length; i++)
        {
            bool isValued = options.Contains(args[i]) && i + 1 < args.Length;
            if (isValued && places.TryGetValue(args[i], out int at))
            {
                joined[at] += ";" + args[++i];
                continue;
            }

            joined.Add(args[i]);
            if (isValued)
            {
                places[args[i]] = joined.Count;
                joined.Add(args[++i]);
            }
        }

        return [.. joined];
    }
}
