namespace EdgeDL.Format;

/// <summary>Bytes of a file and the SHA-256 that its section table states of them.</summary>
sealed unsafe class StatedHash(byte* data, int length, Digest expected, string place)
{
    readonly byte* data = data;

    /// <exception cref="InvalidModelException">They have another.</exception>
    public void Check()
    {
        Digest stated = expected;
        Check(new ReadOnlySpan<byte>(data, length), stated, place);
    }

    /// <inheritdoc cref="Check()"/>
    public static void Check(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> expected, string place)
    {
        Span<byte> digest = stackalloc byte[Sha256.DigestBytes];
        Sha256.Hash(bytes, digest);
        if (!digest.SequenceEqual(expected))
        {
            InvalidModelException.Throw(place, "its SHA-256 is not the one that the file states");
        }
    }
}
