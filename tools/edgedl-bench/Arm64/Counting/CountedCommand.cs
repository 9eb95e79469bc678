using ConsoleAppFramework;
using EdgeDL.Bench.Compare;
using EdgeDL.Bench.Timing;
using EdgeDL.Graphs;

namespace EdgeDL.Bench.Arm64.Counting;

sealed class CountedCommand
{
    /// <summary>Run a model between the marks that `instructions` counts between.</summary>
    /// <param name="model">An .edl file.</param>
    /// <param name="runs">-n, Inferences from mark to mark.</param>
    /// <param name="form">The form in which ONNX Runtime runs it; otherwise we do.</param>
    [Command("counted")]
    public int Counted([Argument] string model, int runs = 1, string? form = null) =>
        Exit.Guard(() =>
    {
        using Model loaded = Model.Load(model);
        using var ours = new OurContender(loaded, threads: 1);
        if (form is null)
        {
            Repeat(ours, runs);
            return Exit.Ok;
        }

        OrtForm chosen = OrtForm.Exported(loaded).FirstOrDefault(f => f.Name == form)
            ?? throw new BenchException($"--form {form}: {model} has no such form", Exit.Usage);
        using OrtContender ort = chosen.Open(ours.Inputs, threads: 1, exact: false);
        Agreement agreement = Agreement.Of(ours, ort, chosen);
        Console.WriteLine($"{(agreement.Holds ? AgreeWord : DifferWord)}{agreement.Finding}");
        Repeat(ort, runs);
        return Exit.Ok;
    });

    public const string AgreeWord = "agrees: ";
    public const string DifferWord = "differs: ";

    // The first runs fetch what is bound and allocated late; then the same is counted twice.
    static void Repeat(IContender contender, int runs)
    {
        Run(contender, runs);
        CountMark.Set();
        Run(contender, runs);
        CountMark.Set();
        Run(contender, runs);
        CountMark.Set();
    }

    // Inputs and outputs may share memory: both sides get theirs anew.
    static void Run(IContender contender, int runs)
    {
        for (int i = 0; i < runs; i++)
        {
            contender.Fill();
            contender.Run();
        }
    }
}
