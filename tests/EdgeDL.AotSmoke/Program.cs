using System.Runtime.InteropServices;
using EdgeDL.AotSmoke;

// Runs the kernel tests, the op cases and the models inside one NativeAOT binary.
// The last line is: N passed, N failed.
var report = new Report();
Console.WriteLine(RuntimeInformation.RuntimeIdentifier);
ChosenRows.Print(report);
TestRunner.RunAll(report);
OutputDigests.Print(report);
ModelRuns.Print(report);
return report.Close();
