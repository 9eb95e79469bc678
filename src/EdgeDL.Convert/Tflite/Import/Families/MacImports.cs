namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Convolution, fully connected, matrix product.</summary>
static class MacImports
{
    public static void Register(ImportTable t)
    {
    }
}
