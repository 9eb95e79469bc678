using Xunit;

namespace EdgeDL.Testing;

/// <summary>A fact that needs the assets; without them it is skipped with one line.</summary>
public sealed class AssetFactAttribute : FactAttribute
{
    public AssetFactAttribute()
    {
        Skip = Assets.Present ? null : Assets.SkipReason;
    }
}

/// <summary>
/// A theory that needs the assets; without them it is skipped with one line. Member data must not
/// throw when the assets are absent.
/// </summary>
public sealed class AssetTheoryAttribute : TheoryAttribute
{
    public AssetTheoryAttribute()
    {
        Skip = Assets.Present ? null : Assets.SkipReason;
    }
}

/// <summary>A fact of the long run (tools/test --long).</summary>
public sealed class LongFactAttribute : FactAttribute
{
    public LongFactAttribute()
    {
        Skip = Settings.Long ? null : "long: run tools/test --long";
    }
}
