namespace EdgeDL.Host.Diagnosis;

/// <summary>How good a finding is.</summary>
public enum Verdict
{
    Pass,
    Warn,
    Fail,
}

/// <summary>One line of a diagnosis: what was looked at, what was found, what to do about it.
/// </summary>
public sealed record Finding(Verdict Verdict, string Subject, string Found, string Remedy)
{
    public static Finding Pass(string subject, string found) =>
        new(Verdict.Pass, subject, found, "");

    public static Finding Warn(string subject, string found, string remedy) =>
        new(Verdict.Warn, subject, found, remedy);

    public static Finding Fail(string subject, string found, string remedy) =>
        new(Verdict.Fail, subject, found, remedy);
}
