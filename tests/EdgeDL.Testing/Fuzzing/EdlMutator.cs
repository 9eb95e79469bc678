using System.Runtime.InteropServices;
using EdgeDL.Format;

namespace EdgeDL.Testing;

/// <summary>
/// Damage that an .edl file's hashes do not catch: fields of a section, of the section table or
/// of the header are changed and every hash is made right again.
/// </summary>
public static class EdlMutator
{
    const int TableStart = 64;

    /// <summary>A damaged copy of a valid file.</summary>
    public static byte[] Mutate(byte[] file, Random random)
    {
        var damaged = (byte[])file.Clone();
        int changes = 1 + random.Next(3);
        for (int i = 0; i < changes; i++)
        {
            Change(damaged, random);
        }

        Rehash(damaged);
        if (random.Next(12) == 0)
        {
            Span<byte> table = damaged.AsSpan(TableStart, SectionRecordBytes(damaged));
            Mutator.ChangeField(table, random);
            RehashTable(damaged);
        }
        else if (random.Next(40) == 0)
        {
            Mutator.ChangeField(damaged.AsSpan(0, TableStart), random);
        }

        return damaged;
    }

    /// <summary>Makes the hashes of all sections and of the table right.</summary>
    public static void Rehash(byte[] file)
    {
        foreach (ref SectionRecord s in Table(file))
        {
            if (IsInside(file, s))
            {
                Sha256.Hash(file.AsSpan((int)s.Offset, (int)s.Length), s.Hash);
            }
        }

        RehashTable(file);
    }

    static void RehashTable(byte[] file)
    {
        ref FileHeader header = ref MemoryMarshal.AsRef<FileHeader>(file.AsSpan());
        Sha256.Hash(MemoryMarshal.AsBytes(Table(file)), header.TableHash);
    }

    static void Change(byte[] file, Random random)
    {
        Span<SectionRecord> table = Table(file);
        // Most damage goes where structure is: the graph, the plan, the strings.
        SectionKind wanted = random.Next(10) switch
        {
            < 6 => SectionKind.Graph,
            < 8 => SectionKind.Plan,
            _ => table[random.Next(table.Length)].Kind,
        };
        // A changed graph no longer has the hash that an index of packed weights states: so most
        // damage to a packed file goes to the index itself.
        bool isPacked = table.ToArray().Any(s => s.Kind == SectionKind.PackedIndex);
        wanted = isPacked && random.Next(4) > 0 ? SectionKind.PackedIndex : wanted;
        foreach (SectionRecord s in table)
        {
            if (s.Kind == wanted && IsInside(file, s))
            {
                Mutator.ChangeField(file.AsSpan((int)s.Offset, (int)s.Length), random);
                return;
            }
        }
    }

    static bool IsInside(byte[] file, in SectionRecord s)
    {
        return s.Length > 0 && s.Offset <= (ulong)file.Length
            && s.Length <= (ulong)file.Length - s.Offset;
    }

    static int SectionRecordBytes(byte[] file) => MemoryMarshal.AsBytes(Table(file)).Length;

    static Span<SectionRecord> Table(byte[] file)
    {
        int count = (int)MemoryMarshal.Read<FileHeader>(file).SectionCount;
        return MemoryMarshal.Cast<byte, SectionRecord>(file.AsSpan(TableStart, count * 64));
    }
}
