using EdgeDL.Ops;

namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Elementwise ops: one line an op.</summary>
static class ElementwiseImports
{
    public static void Register(ImportTable t)
    {
    }

    /// <summary>
    /// The op that a fused activation of the schema stands for; null if none does.
    /// </summary>
    public static Op? Activation(int activation) => activation switch
    {
        _ => null,
    };
}
