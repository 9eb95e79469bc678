using System.Buffers.Binary;

namespace EdgeDL.Convert.Tests.Tflite;

/// <summary>What stands at a place of a FlatBuffers file.</summary>
enum PlaceKind
{
    Offset,
    Count,
    FieldSlot,
    Byte,
    Int,
    Long,
}

readonly record struct Place(int At, PlaceKind Kind);

/// <summary>
/// Finds the offsets, counts, field lists and numbers of an intact .tflite file, so that a
/// mutation hits the structure and not only weights.
/// </summary>
sealed class TflitePlaces
{
    // For each table its fields by id: b, i, l numbers; [b] [i] [l] vectors; Name a table,
    // [Name] a vector of tables, - skipped.
    static readonly Dictionary<string, string> Schema = new()
    {
        ["Model"] = "i [Code] [Graph] [b] [Buffer] [i] [Named] [Signature]",
        ["Code"] = "b [b] i i",
        ["Graph"] = "[Tensor] [i] [i] [Operator] [b]",
        ["Tensor"] = "[i] b i [b] Quantization b - [i] b",
        ["Quantization"] = "[i] [i] [i] [l] b - i",
        ["Operator"] = "i [i] [i] b Options [b] b [b] [i]",
        ["Options"] = "b i i b i i",
        ["Buffer"] = "[b] l l",
        ["Named"] = "[b] i",
        ["Signature"] = "[Map] [Map] [b] - i",
        ["Map"] = "[b] i",
    };

    // Of each vector of numbers so many are listed; the rest are weights.
    const int ListedNumbers = 16;

    readonly byte[] file;
    readonly HashSet<int> seen = [];

    TflitePlaces(byte[] file) => this.file = file;

    List<Place> Found { get; } = [];

    public static Place[] Of(byte[] file)
    {
        var places = new TflitePlaces(file);
        places.Table(places.Follow(0), "Model");
        return [.. places.Found];
    }

    int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at));

    int Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));

    int Follow(int at)
    {
        Found.Add(new Place(at, PlaceKind.Offset));
        return at + Int(at);
    }

    void Table(int at, string name)
    {
        if (!seen.Add(at))
        {
            return;
        }

        Found.Add(new Place(at, PlaceKind.Offset));
        int fields = at - Int(at);
        int size = Short(fields);
        Found.Add(new Place(fields, PlaceKind.FieldSlot));
        Found.Add(new Place(fields + 2, PlaceKind.FieldSlot));
        string[] kinds = Schema[name].Split(' ');
        for (int id = 0; id < kinds.Length && 6 + 2 * id <= size; id++)
        {
            Found.Add(new Place(fields + 4 + 2 * id, PlaceKind.FieldSlot));
            int offset = Short(fields + 4 + 2 * id);
            if (offset != 0)
            {
                Field(at + offset, kinds[id], Short(fields + 2) - offset);
            }
        }
    }

    void Field(int at, string kind, int room)
    {
        if (kind is "b" or "i" or "l")
        {
            PlaceKind number = kind == "b" || room < 4 ? PlaceKind.Byte
                : kind == "i" || room < 8 ? PlaceKind.Int : PlaceKind.Long;
            Found.Add(new Place(at, number));
        }
        else if (kind[0] == '[')
        {
            Vector(Follow(at), kind[1..^1]);
        }
        else if (kind != "-")
        {
            Table(Follow(at), kind);
        }
    }

    void Vector(int at, string kind)
    {
        Found.Add(new Place(at, PlaceKind.Count));
        int count = Int(at);
        if (char.IsUpper(kind[0]))
        {
            for (int i = 0; i < count; i++)
            {
                Table(Follow(at + 4 + 4 * i), kind);
            }

            return;
        }

        int size = kind == "b" ? 1 : kind == "i" ? 4 : 8;
        for (int i = 0; i < Math.Min(count, ListedNumbers); i++)
        {
            Field(at + 4 + size * i, kind, size);
        }
    }
}
