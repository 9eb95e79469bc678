using System.Runtime.InteropServices;
using EdgeDL.AotSmoke;

// Runs the kernel tests, the op cases and the models inside one NativeAOT binary.
// With EDGEDL_ONLY=word[,word], only the tests whose names hold one of the words, and no models.
// With arguments emit FILE it writes the emitted vpdpbusd kernels for tools/lib/vnni-smoke.sh.
// The last line is: N passed, N failed.
if (args is ["emit", var file])
{
    EmittedFile.Write(file);
    return 0;
}

var report = new Report();
Console.WriteLine(RuntimeInformation.RuntimeIdentifier);
ChosenRows.Print(report);
TestRunner.RunAll(report);
if (!TestRunner.IsFiltered)
{
    OutputDigests.Print(report);
    ModelRuns.Print(report);
}

return report.Close();
