using EdgeDL.Execution;
using EdgeDL.Format;
using EdgeDL.Kernels;
using EdgeDL.Memory;
using EdgeDL.Ops;

namespace EdgeDL.Graphs;

public sealed partial class Model
{
    /// <summary>Maps and checks an <c>.edl</c> file; every op that EdgeDL has is known.</summary>
    /// <inheritdoc cref="Load(string, OpSet)"/>
    public static Model Load(string path) => Load(path, OpSet.All);

    /// <summary>
    /// Maps and checks an <c>.edl</c> file. Weights are used where they lie in the file, so don't
    /// write into it; replace it by a rename.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="ops">The ops this program has: fewer make a smaller binary.</param>
    /// <exception cref="InvalidModelException">The file is not a model that can run.</exception>
    /// <exception cref="IOException">The file is missing or can't be read.</exception>
    public static Model Load(string path, OpSet ops) =>
        Load(path, ops, WeightCheck.WhileLoading);

    /// <inheritdoc cref="Load(string, OpSet)"/>
    /// <param name="path">The file.</param>
    /// <param name="ops">The ops this program has.</param>
    /// <param name="check">When the hash of the weights is compared; on a small model that is
    /// nearly half of the time that loading takes.</param>
    public static Model Load(string path, OpSet ops, WeightCheck check) =>
        EdlReader.Read(SharedBlock.Map(path), ops, check);

    /// <summary>Checks the bytes of an <c>.edl</c> file and takes a copy.</summary>
    /// <exception cref="InvalidModelException">The bytes are not a model that can run.</exception>
    public static Model Load(ReadOnlySpan<byte> bytes, OpSet ops) =>
        Load(bytes, ops, WeightCheck.WhileLoading);

    /// <inheritdoc cref="Load(ReadOnlySpan{byte}, OpSet)"/>
    public static Model Load(ReadOnlySpan<byte> bytes, OpSet ops, WeightCheck check) =>
        EdlReader.Read(SharedBlock.Copy(bytes), ops, check);

    /// <summary>Compares the hashes that loading left out, each once.</summary>
    /// <exception cref="InvalidModelException">The weights are not those that the file was written
    /// with: what the model answered is void.</exception>
    public void VerifyWeights()
    {
        ObjectDisposedException.ThrowIf(
            mapping is null && (UncheckedHashes.Count > 0 || Packed?.PlainHash is not null), this);
        foreach (StatedHash hash in UncheckedHashes)
        {
            hash.Check();
        }

        UncheckedHashes.Clear();
        Packed?.VerifyPlain();
    }

    /// <summary>
    /// The model as the bytes of an <c>.edl</c> file; plans its memory if need be.
    /// </summary>
    public byte[] ToBytes() => EdlWriter.Write(this);

    /// <summary>The model as the bytes of an <c>.edl</c> file that also holds its weights as the
    /// kernels of that CPU read them: a session on such a CPU packs nothing.</summary>
    /// <exception cref="InvalidModelException">The model is not valid.</exception>
    public byte[] ToBytes(CpuTarget target) => EdlWriter.Write(this, target, choice: null);

    /// <summary>The same, each node packed for the way that somebody chose to compute it: a session
    /// on such a CPU takes that one.</summary>
    /// <inheritdoc cref="ToBytes(CpuTarget)"/>
    public byte[] ToBytes(CpuTarget target, LayoutChoice choice) =>
        EdlWriter.Write(this, target, choice);

    /// <summary>Writes an <c>.edl</c> file, whole or not at all.</summary>
    /// <exception cref="IOException">The disk is full or the folder is not writable.</exception>
    public void Save(string path) => AtomicFile.Write(path, ToBytes());
}
