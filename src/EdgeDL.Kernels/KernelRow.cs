namespace EdgeDL.Kernels;

/// <summary>
/// One implementation of a kernel contract. A family lists its rows fastest first; dispatch, tests
/// and benchmarks read the same list.
/// </summary>
public readonly struct KernelRow<TFunction>(string name, bool isSupported, TFunction function)
    where TFunction : Delegate
{
    public string Name => name;

    public bool IsSupported => isSupported;

    public TFunction Function => function;

    public override string ToString() => name;
}

/// <summary>Choosing from a family's rows.</summary>
public static class KernelRow
{
    /// <summary>The first row that this CPU supports; the last row of a family always is.</summary>
    public static KernelRow<TFunction> First<TFunction>(KernelRow<TFunction>[] rows)
        where TFunction : Delegate
    {
        foreach (KernelRow<TFunction> row in rows)
        {
            if (row.IsSupported)
            {
                return row;
            }
        }
        throw new PlatformNotSupportedException("no row of this kernel family runs on this CPU");
    }
}
