namespace EdgeDL.Ops;

/// <summary>
/// The ops that a program can run. A program that lists only what its model needs gets the
/// smallest binary: NativeAOT drops every op that no set names.
/// </summary>
public sealed partial class OpSet
{
    delegate Op Reader(ref AttributeReader a);

    readonly Dictionary<OpCode, Reader> readers = [];

    static OpSet? all;

    /// <summary>Every op that EdgeDL has.</summary>
    // Made on demand: a static initializer would root every op in every binary.
    public static OpSet All => all ??= CreateAll();

    /// <summary>The codes of the ops in this set.</summary>
    public IReadOnlyCollection<OpCode> Codes => readers.Keys;

    /// <summary>Adds an op; returns the set, for chaining.</summary>
    public OpSet Add<TOp>() where TOp : Op, IOp<TOp>
    {
        readers[TOp.Code] = ReadOp<TOp>;
        return this;
    }

    /// <summary>True if the set has the op.</summary>
    public bool Has(OpCode code) => readers.ContainsKey(code);

    /// <summary>Reads an op of a file.</summary>
    /// <exception cref="InvalidModelException">The op is unknown or its attributes are
    /// malformed.</exception>
    internal Op Read(OpCode code, ReadOnlySpan<byte> attributes, string place)
    {
        if (!readers.TryGetValue(code, out Reader? read))
        {
            throw Enum.IsDefined(code)
                ? new InvalidModelException(
                    place, $"op {code} is not in this program's op set",
                        $"add .Add<{code}>() to its OpSet")
                : new InvalidModelException(
                    place, $"op number {(int)code} is unknown",
                        "use a newer EdgeDL, or pack the model again");
        }

        var reader = new AttributeReader(attributes, place);
        Op op = read(ref reader);
        reader.End();
        return op;
    }

    static Op ReadOp<TOp>(ref AttributeReader a) where TOp : Op, IOp<TOp> => TOp.Read(ref a);
}
