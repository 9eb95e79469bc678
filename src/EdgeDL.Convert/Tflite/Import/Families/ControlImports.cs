namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Control flow and variables.</summary>
static class ControlImports
{
    public static void Register(ImportTable t)
    {
    }
}
