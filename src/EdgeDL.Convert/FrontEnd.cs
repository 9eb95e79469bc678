using EdgeDL.Convert.Passes;
using EdgeDL.Graphs;
using EdgeDL.Tensors;

namespace EdgeDL.Convert;

/// <summary>
/// Puts signal processing in front of a model, as ops of the same graph: the device then feeds
/// samples, not features, and desk and device can't disagree about them.
/// </summary>
public static class FrontEnd
{
    const int KeywordSampleRate = 16000;

    /// <summary>
    /// Gives a keyword model the MLPerf Tiny front end: its int8 [1, 49, 10, 1] input is then made
    /// from one second of 16 kHz int16 sound.
    /// </summary>
    /// <exception cref="InvalidModelException">The input has another type or shape.</exception>
    public static void PrependKeywordMfcc(Model model, int input)
    {
        Value features = model.Main.Values[model.Main.Inputs[input]];
        if (features.DType != DType.Int8 || features.Quant is not { IsPerTensor: true } quant
            || features.Shape != new Shape(1, 49, 10, 1))
        {
            throw new InvalidModelException(
                $"input {input} '{features.Name}'",
                $"is {features.DType} {features.Shape}, the keyword front end gives Int8 1x49x10x1",
                "use it on a model that was trained on these features");
        }

        var front = new GraphBuilder("front end");
        int pcm = front.Input("pcm", DType.Int16, new Shape(1, KwsFrontEnd.Samples));
        front.Output(KwsFrontEnd.Add(front, pcm, quant));
        Prepend(model, input, front.Graph);
        model.Preprocessing.RemoveAll(p => p.Input == input);
        model.Preprocessing.Add(new Preprocessing
        {
            Input = input, Kind = InputKind.Audio, Direct = true, SampleRate = KeywordSampleRate,
        });
    }

    /// <summary>
    /// Lets a picture come in as [1, H, W, C], as pictures lie in memory, where the model takes
    /// [1, C, H, W] of one or three channels. True if it did.
    /// </summary>
    public static bool PrependChannelsLast(Model model, int input)
    {
        Value picture = model.Main.Values[model.Main.Inputs[input]];
        Shape x = picture.Shape;
        if (x.Rank != 4 || x[1] is not (1 or 3) || x[3] is 1 or 3)
        {
            return false;
        }

        var front = new GraphBuilder("front end");
        int last = front.Input(
            picture.Name, picture.DType, new Shape(x[0], x[2], x[3], x[1]), picture.Quant);
        front.Output(front.Node(
            new Ops.Transpose([0, 3, 1, 2]), $"{picture.Name} by channel", [last], picture.Quant));
        Prepend(model, input, front.Graph);
        PassPipeline.Run(model, log: null);
        return true;
    }

    /// <summary>
    /// Feeds an input of the model by a graph of one input and one output, of the same type and
    /// shape. The graph's input becomes the model's.
    /// </summary>
    /// <param name="model">Rewritten in place; its plan is dropped.</param>
    /// <param name="input">Which input of the main graph.</param>
    /// <param name="front">Taken over: its values and nodes become the model's.</param>
    public static void Prepend(Model model, int input, Graph front)
    {
        Graph main = model.Main;
        int fed = main.Inputs[input];
        int offset = main.Values.Count;
        int last = front.Outputs[0];
        main.Values.AddRange(front.Values);
        int[] Moved(int[] values) => Array.ConvertAll(
            values, v => v < 0 ? v : v == last ? fed : v + offset);
        main.Nodes.InsertRange(0, front.Nodes.Select(
            n => new Node(n.Name, n.Op, Moved(n.Inputs), Moved(n.Outputs))));
        main.Inputs[input] = front.Inputs[0] + offset;
        UnusedValues.Remove(main);
        model.Plan = null;
    }
}
