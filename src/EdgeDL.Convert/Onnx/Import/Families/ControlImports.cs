namespace EdgeDL.Convert.Onnx.Import.Families;

/// <summary>Bodies: decided now where the condition or count is known, else at run time.</summary>
static class ControlImports
{
    public static void Register(OnnxTable t)
    {
        t.Add("If", IfImport.Import);
        t.Add("Loop", LoopImport.Import);
        t.Add("Scan", ScanImport.Import);
    }
}
