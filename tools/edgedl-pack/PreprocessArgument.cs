using System.Globalization;
using EdgeDL.Convert;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Pack;

/// <summary>
/// Reads <c>image,mean=127.5,scale=0.0078,resize=letterbox</c>, one entry an input with ';'
/// between. What is left out follows from the input: integer inputs take pixels and samples
/// directly, shifted where the type is signed; float inputs take them as they are.
/// </summary>
static class PreprocessArgument
{
    const string KeywordMfcc = "kws-mfcc";

    /// <summary>Replaces the model's preprocessing by what the argument says.</summary>
    public static void Apply(string text, Model model)
    {
        model.Preprocessing.Clear();
        if (text == KeywordMfcc)
        {
            FrontEnd.PrependKeywordMfcc(model, input: 0);
        }
        else
        {
            model.Preprocessing.AddRange(Parse(text, model));
        }
    }

    static List<Preprocessing> Parse(string text, Model model)
    {
        var records = new List<Preprocessing>();
        string[] entries = text.Split(';');
        if (entries.Length > model.Main.Inputs.Count)
        {
            throw new UsageException(
                $"--preprocess has {entries.Length} entries, the model "
                    + $"{model.Main.Inputs.Count} inputs");
        }

        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].StartsWith("image", StringComparison.Ordinal))
            {
                FrontEnd.PrependChannelsLast(model, i);
            }

            Preprocessing record = Entry(entries[i], i, model.Main.Values[model.Main.Inputs[i]]);
            if (record.Kind != InputKind.Raw)
            {
                records.Add(record);
            }
        }

        return records;
    }

    static Preprocessing Entry(string entry, int input, Value value)
    {
        string[] words = entry.Split(',', StringSplitOptions.TrimEntries);
        var record = Default(words[0], input, value);
        foreach (string word in words[1..])
        {
            int equals = word.IndexOf('=');
            string key = equals < 0 ? word : word[..equals];
            string text = equals < 0 ? "" : word[(equals + 1)..];
            record = key switch
            {
                "mean" => record with { Mean = Number(word, text) },
                "scale" => record with { Scale = Number(word, text) },
                "rate" => record with { SampleRate = (int)Number(word, text) },
                "resize" => record with { Resize = Mode(word, text) },
                "channels" => record with { Channels = Order(word, text) },
                "direct" => record with { Direct = true },
                "quantize" => record with { Direct = false },
                _ => throw new UsageException(
                    $"--preprocess '{word}': known are mean=, scale=, rate=, resize=, "
                        + "channels=, direct, quantize"),
            };
        }

        return record;
    }

    static Preprocessing Default(string kind, int input, Value value)
    {
        bool gray = value.Shape.Rank == 4 && value.Shape[3] == 1;
        var record = new Preprocessing
        {
            Input = input,
            Channels = gray ? ChannelOrder.Gray : ChannelOrder.Rgb,
            Direct = value.DType.IsInteger(),
        };
        return kind switch
        {
            "raw" => record with { Kind = InputKind.Raw },
            "image" => record with
            {
                Kind = InputKind.Image, Mean = value.DType == DType.Int8 ? 128f : 0f,
            },
            "audio" => record with { Kind = InputKind.Audio, SampleRate = 16000 },
            _ => throw new UsageException(
                $"--preprocess '{kind}': known are image, audio, raw, {KeywordMfcc}"),
        };
    }

    static float Number(string word, string text) =>
        float.TryParse(text, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw new UsageException($"--preprocess '{word}' is not a number");

    static ResizeMode Mode(string word, string text) => text switch
    {
        "stretch" => ResizeMode.Stretch,
        "letterbox" => ResizeMode.Letterbox,
        "crop" => ResizeMode.CenterCrop,
        _ => throw new UsageException($"--preprocess '{word}': known are stretch, letterbox, crop"),
    };

    static ChannelOrder Order(string word, string text) => text switch
    {
        "rgb" => ChannelOrder.Rgb,
        "bgr" => ChannelOrder.Bgr,
        "gray" => ChannelOrder.Gray,
        _ => throw new UsageException($"--preprocess '{word}': known are rgb, bgr, gray"),
    };
}
