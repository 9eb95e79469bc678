using System.Diagnostics.CodeAnalysis;

namespace EdgeDL;

/// <summary>
/// The base of every error that EdgeDL throws for bad input: one line a user can act on.
/// </summary>
public class EdgeDLException : Exception
{
    public EdgeDLException(string message)
        : base(message)
    {
    }

    public EdgeDLException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>A model's bytes or graph are not valid: names place, finding and remedy.</summary>
public sealed class InvalidModelException(string place, string finding, string remedy)
    : EdgeDLException($"{place}: {finding}; {remedy}")
{
    const string Repack = "pack the model again with edgedl-pack, or fetch an intact copy";

    /// <summary>Where: a file offset, a section, a node or a tensor.</summary>
    public string Place { get; } = place;

    /// <summary>What was found there, and what would have been right.</summary>
    public string Finding { get; } = finding;

    /// <summary>What the user can do.</summary>
    public string Remedy { get; } = remedy;

    [DoesNotReturn]
    internal static void Throw(string place, string finding) =>
        throw new InvalidModelException(place, finding, Repack);
}

/// <summary>Weights had to lie in the file as this CPU reads them, and don't.</summary>
public sealed class PackedTargetException(string? fileTarget, string cpuTarget)
    : EdgeDLException(
        $"the model's weights are packed for {fileTarget ?? "no target"}, this CPU is "
            + $"{cpuTarget}; {Remedy(cpuTarget, "don't be strict")}")
{
    /// <summary>The target that the file is packed for, or null.</summary>
    public string? FileTarget { get; } = fileTarget;

    /// <summary>What this CPU is.</summary>
    public string CpuTarget { get; } = cpuTarget;

    internal static string Remedy(string cpuTarget, string otherwise) =>
        cpuTarget == Kernels.CpuTarget.Other
            ? $"no --target of edgedl-pack fits it: {otherwise}"
            : $"run edgedl-pack convert --target {cpuTarget}, or {otherwise}";
}

/// <summary>A model needs more memory than the caller allows.</summary>
public sealed class MemoryBudgetException(string what, long needed, long budget)
    : EdgeDLException(
        $"{what} needs {needed} bytes, the budget is {budget}; raise the budget or use a "
            + "smaller model")
{
    /// <summary>The bytes that would have been taken.</summary>
    public long NeededBytes { get; } = needed;

    /// <summary>The bytes that the caller allows.</summary>
    public long BudgetBytes { get; } = budget;
}
