namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Recurrent cells and sequences.</summary>
static class RecurrentImports
{
    public static void Register(ImportTable t)
    {
    }
}
