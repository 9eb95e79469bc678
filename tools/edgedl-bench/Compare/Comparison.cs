using EdgeDL.Bench.Timing;
using EdgeDL.Execution;
using EdgeDL.Graphs;
using EdgeDL.OnnxRuntime;
using EdgeDL.Tensors;

namespace EdgeDL.Bench.Compare;

/// <summary>Measures models against ONNX Runtime, row by row.</summary>
sealed class Comparison(double seconds)
{
    // To find the fastest form of a model.
    const double ChoiceSeconds = 0.3;

    /// <summary>A row for each number of threads. Nothing that a model does ends the run.
    /// </summary>
    public IEnumerable<CompareRow> Rows(BenchModel source, IEnumerable<int> threads)
    {
        Model? model = null;
        CompareRow? rejection = null;
        try
        {
            model = source.Open();
        }
        catch (EdgeDLException e)
        {
            rejection = Rejected(source, e);
        }

        using (model)
        {
            foreach (int count in threads)
            {
                yield return rejection is not null ? rejection with { Threads = count }
                    : Row(source, model!, count);
            }
        }
    }

    CompareRow Row(BenchModel source, Model model, int threads)
    {
        var row = new CompareRow
        {
            Model = source.Name,
            DType = Arithmetic.Of(model),
            Threads = threads,
            Macs = ModelAnalysis.Of(model).TotalMacs,
        };
        if (threads > Environment.ProcessorCount)
        {
            return row with { Note = $"this machine has {Environment.ProcessorCount} core(s)" };
        }

        try
        {
            using var ours = new OurContender(model, threads);
            return Measured(row, source, model, ours);
        }
        catch (EdgeDLException e) when (e is not OrtException)
        {
            return Rejected(source, e) with { Threads = threads };
        }
    }

    CompareRow Measured(CompareRow row, BenchModel source, Model model, OurContender ours)
    {
        Opponent? opponent = null;
        string? note = null;
        try
        {
            opponent = BestForm(source, model, ours, row.Threads);
        }
        catch (EdgeDLException e)
        {
            note = e.Message;
        }

        using (opponent?.Ort)
        {
            try
            {
                Times[] times = new Rounds(seconds, row.Threads).Time(
                    opponent is null ? [ours] : [ours, opponent.Ort]);
                return row with
                {
                    Memory = ours.Session.Memory,
                    Ours = times[0],
                    Ort = opponent is null ? null : times[1],
                    Form = opponent?.Form.Name,
                    Agreement = opponent?.Agreement,
                    Profile = OpShares.Of(ours),
                    Note = note,
                };
            }
            catch (DataRangeException e)
            {
                return row with { Note = $"random inputs do not fit: {e.Message}" };
            }
        }
    }

    sealed record Opponent(OrtForm Form, Agreement Agreement, OrtContender Ort);

    // The fastest of the forms that give our answers; if none does, the fastest of all.
    static Opponent BestForm(
        BenchModel source, Model model, OurContender ours, int threads)
    {
        var problems = new List<string>();
        var opened = new List<Opponent>();
        foreach (OrtForm form in Forms(source, model, problems))
        {
            try
            {
                Agreement agreement;
                using (OrtContender exact = form.Open(ours.Inputs, threads, exact: true))
                {
                    agreement = Agreement.Of(ours, exact, form);
                }

                OrtContender ort = form.Open(ours.Inputs, threads, exact: false);
                opened.Add(new Opponent(form, agreement, ort));
            }
            catch (OrtException e)
            {
                problems.Add(e.Message);
            }
        }

        if (opened.Count == 0)
        {
            throw new OrtException(string.Join("; ", problems.Distinct()));
        }

        bool someAgree = opened.Exists(o => o.Agreement.Holds);
        Opponent best = Fastest(
            opened.FindAll(o => o.Agreement.Holds == someAgree), threads);
        opened.FindAll(o => o != best).ForEach(o => o.Ort.Dispose());
        return best;
    }

    static Opponent Fastest(List<Opponent> opponents, int threads)
    {
        if (opponents.Count == 1)
        {
            return opponents[0];
        }

        Times[] times = new Rounds(ChoiceSeconds, threads).Time([.. opponents.Select(o => o.Ort)]);
        double[] medians = Array.ConvertAll(times, t => t.Median);
        return opponents[Array.IndexOf(medians, medians.Min())];
    }

    static List<OrtForm> Forms(BenchModel source, Model model, List<string> problems)
    {
        var forms = new List<OrtForm>();
        if (source.OnnxPath is { } path)
        {
            forms.Add(OrtForm.AsItCame(model, path));
        }

        try
        {
            forms.AddRange(OrtForm.Exported(model));
        }
        catch (InvalidModelException e)
        {
            problems.Add(e.Message);
        }

        return forms;
    }

    static CompareRow Rejected(BenchModel source, EdgeDLException e) => new()
    {
        Model = source.Name, DType = "", Threads = 0, Note = e.Message, IsRejected = true,
    };
}
