namespace EdgeDL.Kernels.Detect;

/// <summary>
/// Something that may be selected: its score, its index, and how far it was compared.
/// </summary>
public record struct Candidate(float Score, int Index, int Compared);

/// <summary>
/// Candidates as a binary heap in the caller's memory: the highest score first, equal scores in the
/// order of their indices, so that every order of insertion gives one order of removal.
/// </summary>
public ref struct CandidateHeap(Span<Candidate> memory)
{
    readonly Span<Candidate> _items = memory;

    public int Count { get; private set; }

    public void Add(Candidate item)
    {
        int at = Count++;
        while (at > 0 && Before(item, _items[(at - 1) / 2]))
        {
            _items[at] = _items[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _items[at] = item;
    }

    /// <summary>Removes the first; there must be one.</summary>
    public Candidate Take()
    {
        Candidate first = _items[0];
        Candidate item = _items[--Count];
        int at = 0;
        while (2 * at + 1 < Count)
        {
            int child = 2 * at + 1;
            child += child + 1 < Count && Before(_items[child + 1], _items[child]) ? 1 : 0;
            if (!Before(_items[child], item))
            {
                break;
            }

            _items[at] = _items[child];
            at = child;
        }

        _items[at] = item;
        return first;
    }

    static bool Before(Candidate a, Candidate b) =>
        a.Score > b.Score || (a.Score == b.Score && a.Index < b.Index);
}
