namespace EdgeDL.Testing;

/// <summary>How much the tests do: environment variables set by tools/test.</summary>
public static class Settings
{
    /// <summary>EDGEDL_LONG=1: the full fuzz and soak counts.</summary>
    public static bool Long { get; } = IsOn("EDGEDL_LONG");

    /// <summary>EDGEDL_SHORT=1: thinned-out lengths, for emulated CPUs.</summary>
    public static bool Short { get; } = IsOn("EDGEDL_SHORT");

    /// <summary>The count for the normal run, or for the long one.</summary>
    public static int Count(int normal, int full) => Long ? full : normal;

    static bool IsOn(string name) => Environment.GetEnvironmentVariable(name) == "1";
}
