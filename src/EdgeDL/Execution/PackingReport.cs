namespace EdgeDL.Execution;

/// <summary>How many blocks of weights lay in the file as this CPU reads them.</summary>
public readonly record struct PackingReport
{
    /// <summary>The target that the file is packed for, or null.</summary>
    public required string? FileTarget { get; init; }

    /// <summary>What this CPU is.</summary>
    public required string CpuTarget { get; init; }

    /// <summary>Blocks used where they lie.</summary>
    public required int InPlace { get; init; }

    /// <summary>Blocks that were packed while the session was opened.</summary>
    public required int Packed { get; init; }

    /// <summary>A line for the user of a file that is packed for another CPU, or null.</summary>
    public string? Warning => FileTarget is null || Packed == 0
        ? null
        : $"packed for {FileTarget}, this CPU is {CpuTarget}: {Packed} of {InPlace + Packed} "
            + "blocks of weights were packed anew; "
            + PackedTargetException.Remedy(CpuTarget, "live with a slower start");
}
