namespace EdgeDL.Convert.Tflite.Import;

/// <summary>Windows, FFT, filter banks.</summary>
static class SignalImports
{
    public static void Register(ImportTable t)
    {
    }
}
