using System.Text.Json;
using ConsoleAppFramework;
using EdgeDL.Host.Diagnosis;

namespace EdgeDL.Pi;

sealed class DoctorCommand
{
    /// <summary>Say what this machine has and lacks for running models.</summary>
    /// <param name="json">Print JSON.</param>
    /// <param name="debug">Print a stack trace on failure.</param>
    [Command("doctor")]
    public int Doctor(bool json = false, bool debug = false) => Guard.Run(debug, () =>
    {
        var findings = EdgeDL.Host.Diagnosis.Doctor.Examine();
        if (json)
        {
            JsonOutput.Write(writer => Write(writer, findings));
        }
        else
        {
            foreach (var finding in findings)
            {
                var remedy = finding.Remedy.Length > 0 ? $"; {finding.Remedy}" : "";
                var verdict = finding.Verdict.ToString().ToUpperInvariant();
                Console.WriteLine($"{verdict}  {finding.Subject,-22} {finding.Found}{remedy}");
            }
        }

        return findings.Any(finding => finding.Verdict == Verdict.Fail)
            ? ExitCodes.CheckFailed
            : ExitCodes.Ok;
    });

    static void Write(Utf8JsonWriter writer, IReadOnlyList<Finding> findings)
    {
        writer.WriteStartArray();
        foreach (var finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("verdict", finding.Verdict.ToString().ToUpperInvariant());
            writer.WriteString("subject", finding.Subject);
            writer.WriteString("found", finding.Found);
            if (finding.Remedy.Length > 0)
            {
                writer.WriteString("remedy", finding.Remedy);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
