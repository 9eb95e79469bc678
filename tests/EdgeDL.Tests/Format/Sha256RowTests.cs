using System.Text;
using EdgeDL.Format;
using EdgeDL.Kernels;

namespace EdgeDL.Tests.Format;

/// <summary>Every row that this CPU runs, on the examples that NIST gives for FIPS 180-4.</summary>
public sealed class Sha256RowTests
{
    public static TheoryData<string, int, string> Examples => new()
    {
        { "", 1, "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855" },
        { "abc", 1, "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD" },
        {
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248D6A61D20638B8E5C026930C3E6039A33CE45964FF2167F6ECEDD419DB06C1"
        },
        { "a", 1_000_000, "CDC76E5C9914FB9281A1C7E284D73E67F1809A48A497200E046D39CCC7112CD0" },
    };

    [Theory, MemberData(nameof(Examples))]
    public void Digests_are_those_of_the_standard(string text, int times, string expected)
    {
        byte[] data = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times)));
        foreach (KernelRow<Sha256.Work> row in Supported())
        {
            byte[] digest = new byte[Sha256.DigestBytes];
            Sha256.Hash(row, data, digest);
            Assert.Equal((row.Name, expected), (row.Name, System.Convert.ToHexString(digest)));
        }
    }

    [Fact]
    public void Rows_agree_at_every_length_round_the_block()
    {
        var random = new Random(1);
        for (int n = 0; n < 300; n++)
        {
            byte[] data = new byte[n];
            random.NextBytes(data);
            var digests = new HashSet<string>();
            foreach (KernelRow<Sha256.Work> row in Supported())
            {
                byte[] digest = new byte[Sha256.DigestBytes];
                Sha256.Hash(row, data, digest);
                digests.Add(System.Convert.ToHexString(digest));
            }

            Assert.Single(digests);
        }
    }

    static IEnumerable<KernelRow<Sha256.Work>> Supported() =>
        Sha256.Rows().Where(row => row.IsSupported);
}
