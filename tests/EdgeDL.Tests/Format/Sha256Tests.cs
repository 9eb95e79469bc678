using System.Security.Cryptography;
using EdgeDL.Format;

namespace EdgeDL.Tests.Format;

public sealed class Sha256Tests
{
    [Fact]
    public void Equals_the_framework_at_every_length_round_the_block()
    {
        var random = new Random(1);
        Span<byte> digest = stackalloc byte[Sha256.DigestBytes];
        for (int n = 0; n < 300; n++)
        {
            byte[] data = new byte[n];
            random.NextBytes(data);
            Sha256.Hash(data, digest);
            Assert.Equal(SHA256.HashData(data), digest.ToArray());
        }
    }
}
