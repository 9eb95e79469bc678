using EdgeDL.Kernels;

namespace EdgeDL.Pack;

/// <summary>The CPU that weights are packed for.</summary>
static class TargetArgument
{
    /// <exception cref="UsageException">There is no such target.</exception>
    public static CpuTarget Parse(string text) => CpuTarget.Find(text)
        ?? throw new UsageException(
            $"--target {text}: give {string.Join(", ", CpuTarget.All().Select(t => t.Name))}");

    /// <summary>This CPU, for a model that is measured on it.</summary>
    /// <param name="model">Its file.</param>
    /// <param name="packedFor">The target that it is packed for, or null.</param>
    /// <exception cref="UsageException">This CPU is no target, or another.</exception>
    public static CpuTarget This(string model, string? packedFor)
    {
        string here = CpuTarget.This().Name;
        if (packedFor is not null && packedFor != here)
        {
            throw new UsageException(
                $"'{model}' is packed for {packedFor}, this CPU is {here}: tune it on such a CPU, "
                    + $"or pack it for this one before (edgedl-pack convert --target)");
        }

        return CpuTarget.Find(here) ?? throw new UsageException(
            $"this CPU, as this program runs on it, is none of "
                + $"{string.Join(", ", CpuTarget.All().Select(t => t.Name))}: what would be "
                + "measured here holds for no target");
    }
}
