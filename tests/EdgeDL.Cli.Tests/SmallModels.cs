using EdgeDL.Graphs;
using EdgeDL.Ops;
using EdgeDL.Tensors;

namespace EdgeDL.Cli.Tests;

/// <summary>Models small enough to know their answers, and a folder to put files in.</summary>
public sealed class SmallModels : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("edgedl-cli-").FullName;

    public SmallModels()
    {
        Colour = Save("colour.edl", ColourModel());
        Two = Save("two.edl", TwoInputs());
        Sound = Save("sound.edl", SoundModel());
        Dense = Save("dense.edl", DenseModel());
    }

    /// <summary>A picture of any size in; the colour it has most of out: red, green, blue.
    /// </summary>
    public string Colour { get; }

    /// <summary>sum = left + right, three floats each.</summary>
    public string Two { get; }

    /// <summary>The mean of each 100 samples of sound at 8 kHz.</summary>
    public string Sound { get; }

    /// <summary>Two floats of three, by constant weights.</summary>
    public string Dense { get; }

    public string Folder => folder;

    public string File(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string Save(string name, Model model)
    {
        var path = Path.Combine(folder, name);
        model.Save(path);
        model.Dispose();
        return path;
    }

    static Model ColourModel()
    {
        var b = new GraphBuilder("colour");
        var x = b.Input("picture", DType.Float32, new Shape(1, 4, 4, 3));
        var mean = b.Node(new Mean(new ReduceAxes([1, 2], false)), "mean", [x]);
        b.Output(b.Node(new Softmax(1, 10f), "colours", [mean]));
        b.Model.Labels.AddRange(["red", "green", "blue"]);
        b.Model.Preprocessing.Add(new Preprocessing
        {
            Input = 0, Kind = InputKind.Image, Scale = 1 / 255f,
        });
        return b.Model;
    }

    static Model TwoInputs()
    {
        var b = new GraphBuilder("two");
        var left = b.Input("left", DType.Float32, new Shape(3));
        var right = b.Input("right", DType.Float32, new Shape(3));
        b.Output(b.Node(new Add(Activation.None), "sum", [left, right]));
        return b.Model;
    }

    static Model DenseModel()
    {
        var b = new GraphBuilder("dense");
        var x = b.Input("x", DType.Float32, new Shape(1, 3));
        var w = b.Constant<float>("w", new Shape(2, 3), [1, 2, 3, 4, 5, 6]);
        b.Output(b.Node(new FullyConnected(keepDims: false, Activation.None), "dense", [x, w]));
        return b.Model;
    }

    static Model SoundModel()
    {
        var b = new GraphBuilder("sound");
        var x = b.Input("samples", DType.Float32, new Shape(1, 100));
        b.Output(b.Node(new Mean(new ReduceAxes([1], false)), "mean", [x]));
        b.Model.Preprocessing.Add(new Preprocessing
        {
            Input = 0, Kind = InputKind.Audio, Scale = 1 / 32768f, SampleRate = 8000,
        });
        return b.Model;
    }
}
