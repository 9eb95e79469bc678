namespace EdgeDL.Bench;

/// <summary>A promise of the project, and what was measured.</summary>
sealed record Limit(string What, string Measured, string Allowed, bool Holds);

/// <summary>The limits on size, start and memory.</summary>
static class Limits
{
    const double ProgramMegabytes = 4;
    const double MinimalMegabytes = 1.6;
    const double StartMilliseconds = 10;
    const long RuntimeBytes = 8_000_000;

    public static List<Limit> Check(MeasuredProgram program, List<ModelRow> rows)
    {
        var limits = new List<Limit> { Size("edgedl", program.Path, ProgramMegabytes) };
        var minimal = Path.Combine(Path.GetDirectoryName(program.Path)!, "edgedl-minimal");
        if (File.Exists(minimal))
        {
            limits.Add(Size("edgedl-minimal", minimal, MinimalMegabytes));
        }

        var kws = rows.Find(row => row.Name.StartsWith("kws_int8", StringComparison.Ordinal));
        if (kws is not null)
        {
            var start = program.StartToAnswerMilliseconds(kws.Path);
            limits.Add(new Limit(
                "process start to first KWS answer", $"{start:0.0} ms", $"{StartMilliseconds} ms",
                start <= StartMilliseconds));
        }

        foreach (var row in rows.Where(row => row.Threads == 1))
        {
            var allowed = row.FileBytes + row.ArenaBytes + RuntimeBytes;
            limits.Add(new Limit(
                $"resident memory, {row.Name}", $"{row.ResidentBytes / 1e6:0.00} MB",
                $"{allowed / 1e6:0.00} MB", row.ResidentBytes <= allowed));
            limits.Add(new Limit(
                $"managed allocation, {row.Name}", $"{row.AllocatedBytes} B", "0 B",
                row.AllocatedBytes == 0));
        }

        return limits;
    }

    static Limit Size(string name, string path, double megabytes)
    {
        var size = new FileInfo(path).Length / 1e6;
        return new Limit(
            $"size of {name}", $"{size:0.00} MB", $"{megabytes} MB", size <= megabytes);
    }
}
