using System.Buffers.Binary;
using EdgeDL.Graphs;
using EdgeDL.Testing;

namespace EdgeDL.Convert.Tests.Tflite;

/// <summary>
/// Damaged .tflite files give a model or a refusal that says what was found; what they give runs
/// without harm.
/// </summary>
public sealed class TfliteFuzzTests
{
    static readonly long[] Sharp =
    [
        0, 1, 2, 3, 4, 7, 8, 16, 127, 128, 255, 256, 4095, 65535, 65536, 1 << 24,
        int.MaxValue, int.MaxValue - 3, -1, -2, -4, int.MinValue, long.MaxValue, long.MinValue,
    ];

    [AssetTheory]
    [InlineData("hello_world_int8")]
    [InlineData("mnist_lstm_int8")]
    [InlineData("audio_preprocessor_int8")]
    [InlineData("kws_int8")]
    [InlineData("coco_ssd_mobilenet_v1_1.0_quant_2018_06_29")]
    public void Damaged_files_do_no_harm(string name)
    {
        byte[] file = File.ReadAllBytes(Assets.Tflite(name));

        // Of the large file every try costs a megabyte of copies: a few are enough.
        bool isLarge = file.Length > 1 << 20;
        int truncations = Settings.Count(isLarge ? 20 : 300, isLarge ? 2000 : int.MaxValue);
        int flips = Settings.Count(isLarge ? 5 : 200, isLarge ? 500 : 20_000);
        int mutations = Settings.Count(isLarge ? 40 : 300, 2000);
        using var target = new FuzzTarget(
            $"tflite-{name}", file.Length, Feed, (256L * file.Length) + (64L << 20));
        Feed(file);
        foreach (int length in Mutator.Truncations(file.Length, truncations, seed: 5))
        {
            target.Try(file[..length], $"cut to {length} bytes");
        }

        var random = new Random(6);
        for (int i = 0; i < flips; i++)
        {
            target.Try(Mutator.FlipBits(file, random), $"bit flip {i} of seed 6");
        }

        Place[] places = TflitePlaces.Of(file);
        random = new Random(7);
        for (int i = 0; i < mutations; i++)
        {
            target.Try(Mutate(file, places, random), $"mutation {i} of seed 7");
        }

        target.AssertClean();
        Assert.True(target.Refused > 0, "nothing was refused");
    }

    static void Feed(byte[] bytes)
    {
        using Model model = Converter.Convert(bytes, new ImportOptions());
        if (bytes.Length < 1 << 20)
        {
            EdlFuzz.Feed(model.ToBytes());
        }
    }

    static byte[] Mutate(byte[] file, Place[] places, Random random)
    {
        byte[] bytes = [.. file];
        int hits = 1 + random.Next(3);
        for (int i = 0; i < hits; i++)
        {
            Place place = places[random.Next(places.Length)];
            Span<byte> at = bytes.AsSpan(place.At);
            switch (place.Kind)
            {
                case PlaceKind.FieldSlot:
                    BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)Number(at[0], random));
                    break;
                case PlaceKind.Byte:
                    at[0] = (byte)Number(at[0], random);
                    break;
                case PlaceKind.Long:
                    BinaryPrimitives.WriteInt64LittleEndian(at, Number(at[0], random));
                    break;
                case PlaceKind.Offset when random.Next(2) == 0:
                    // At another table or vector: shared, of another kind, or around in a circle.
                    int target = places[random.Next(places.Length)].At;
                    BinaryPrimitives.WriteInt32LittleEndian(at, target - place.At);
                    break;
                default:
                    int old = BinaryPrimitives.ReadInt32LittleEndian(at);
                    BinaryPrimitives.WriteInt32LittleEndian(at, (int)Number(old, random));
                    break;
            }
        }

        return bytes;
    }

    static long Number(int old, Random random) => random.Next(4) switch
    {
        0 => old + random.Next(-3, 4),
        1 => random.Next(64),
        _ => Sharp[random.Next(Sharp.Length)],
    };
}
