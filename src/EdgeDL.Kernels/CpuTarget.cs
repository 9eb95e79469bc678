using EdgeDL.Kernels.Conv;

namespace EdgeDL.Kernels;

/// <summary>A row of a family that weights are packed for.</summary>
public interface IKernelRow
{
    /// <summary>The instruction set: the same word in every family.</summary>
    string Name { get; }

    /// <summary>Whether this CPU runs it.</summary>
    bool IsSupported { get; }
}

/// <summary>
/// A kind of CPU that rows are chosen for. Packing is plain arithmetic, so weights can be laid out
/// for rows that this CPU does not run.
/// </summary>
public sealed class CpuTarget
{
    readonly string? name;
    readonly string[] rows;

    CpuTarget(string? name, params string[] rows)
    {
        this.name = name;
        this.rows = rows;
    }

    /// <summary>What a CPU is that no target describes.</summary>
    public const string Other = "other";

    /// <summary>Its name on a command line and in a file.</summary>
    public string Name => name ?? NameOfThis();

    /// <summary>Every target that has a name, the best of an architecture first.</summary>
    public static CpuTarget[] All() =>
    [
        new("x64-vnni", "X86Vnni", "X86Avx2"),
        new("x64-v3", "X86Avx2"),
        new("armv8-i8mm", "ArmI8mm", "ArmDp", "ArmNeon"),
        new("armv8-dot", "ArmDp", "ArmNeon"),
        new("armv8", "ArmNeon"),
    ];

    /// <summary>The CPU that runs this, and what the system allows on it.</summary>
    public static CpuTarget This() => new(null);

    /// <summary>The target of that name, or null.</summary>
    public static CpuTarget? Find(string name) => Array.Find(All(), t => t.Name == name);

    /// <summary>Whether the CPU runs a row.</summary>
    public bool Runs(IKernelRow row) => name is null
        ? row.IsSupported
        : row.Name is "Vec128" or "Scalar" || Array.IndexOf(rows, row.Name) >= 0;

    // A just-in-time compiler uses AVX-512 where it can, and no target stands for that.
    string NameOfThis() => Array.Find(All(), t =>
        ConvS8.Best(t).Name == ConvS8.Best(this).Name
        && ConvF32.Best(t).Name == ConvF32.Best(this).Name)?.Name ?? Other;
}
