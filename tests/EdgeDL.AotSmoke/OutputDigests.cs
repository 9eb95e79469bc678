using EdgeDL.Format;
using EdgeDL.Testing;
using EdgeDL.Tests.Ops;

namespace EdgeDL.AotSmoke;

/// <summary>
/// Prints digests of integer outputs: the same on every CPU, or something is wrong.
/// </summary>
static class OutputDigests
{
    public static void Print(Report report)
    {
        List<byte> all = [];
        foreach (OpCase c in OpCaseTests.All.Where(OpCaseChecks.HasIntegerOutputs))
        {
            foreach (byte[] output in OpCaseChecks.Outputs(c))
            {
                all.AddRange(output);
            }
        }

        Print("ops", [.. all]);
        report.Pass();
    }

    public static void Print(string name, byte[] bytes)
    {
        Span<byte> digest = stackalloc byte[Sha256.DigestBytes];
        Sha256.Hash(bytes, digest);
        string hex = System.Convert.ToHexStringLower(digest);
        Console.WriteLine($"digest {name} {hex} of {bytes.Length} bytes");
    }
}
