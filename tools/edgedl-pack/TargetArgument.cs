using EdgeDL.Kernels;

namespace EdgeDL.Pack;

/// <summary>The CPU that weights are packed for.</summary>
static class TargetArgument
{
    /// <exception cref="UsageException">There is no such target.</exception>
    public static CpuTarget Parse(string text) => CpuTarget.Find(text)
        ?? throw new UsageException(
            $"--target {text}: give {string.Join(", ", CpuTarget.All().Select(t => t.Name))}");
}
