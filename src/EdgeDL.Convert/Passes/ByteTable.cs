using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Convert.Passes;

/// <summary>
/// What a chain of ops makes of each of the 256 values of an 8-bit input. Two chains with the
/// same table are the same function: a proof by cases.
/// </summary>
static class ByteTable
{
    /// <summary>One op of a chain, with the quantization that its result has.</summary>
    public readonly record struct Link(Op Op, Quantization? Quant);

    /// <summary>The 256 results, or null if the chain does not take such an input.</summary>
    public static byte[]? Of(DType type, Quantization quant, params ReadOnlySpan<Link> chain)
    {
        var builder = new GraphBuilder("table");
        int value = builder.Input("x", type, new Shape(256), quant);
        try
        {
            foreach (Link link in chain)
            {
                value = builder.Node(link.Op, "link", [value], link.Quant);
            }

            builder.Output(value);
            using var session = new Session(builder.Model);
            Span<byte> x = session.Input(0).AsBytes();
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = (byte)i;
            }

            session.Run();
            return session.Output(0).AsBytes().ToArray();
        }
        catch (EdgeDLException)
        {
            return null;
        }
    }
}
