using System.Diagnostics;
using EdgeDL.Devices.Feeds;
using EdgeDL.Devices.Media;
using EdgeDL.Execution;
using EdgeDL.Host.Answers;
using EdgeDL.Host.Measuring;
using EdgeDL.Tensors;

namespace EdgeDL.Pi;

/// <summary>What one output says: the best classes of a vector, or nothing but its type.</summary>
sealed record OutputAnswer(string Name, DType Type, Shape Shape, Ranked[] Top);

/// <summary>What the model says to one file, or to one window of its sound.</summary>
sealed record Answer(
    string Input,
    double? Seconds,
    double Milliseconds,
    OutputAnswer[] Outputs,
    Detection[]? Objects);

/// <summary>Runs jobs and collects what the model says.</summary>
sealed class Runner(
    Session session,
    IReadOnlyList<string> labels,
    int top,
    float threshold,
    string? outputFolder,
    string? drawFile)
{
    readonly Detections? detections = Detections.Of(session);

    public List<Answer> RunAll(IEnumerable<InputJob> jobs)
    {
        if (drawFile is not null && detections is null)
        {
            throw new UsageException("--draw: the model has no detection outputs to draw");
        }

        if (outputFolder is not null)
        {
            CreateFolder(outputFolder);
        }

        var answers = new List<Answer>();
        foreach (var (index, job) in jobs.Index())
        {
            if (index == 1)
            {
                CodePages.GiveBack();
            }

            RunJob(job, answers);
        }

        return answers;
    }

    static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--output {path}: cannot be made; name a directory");
        }
    }

    void RunJob(InputJob job, List<Answer> answers)
    {
        var files = job.Open();
        var windows = files.Max(file => file.Windows);
        session.ResetVariables();
        for (var window = 0; window < windows; window++)
        {
            foreach (var file in files)
            {
                file.Fill(Math.Min(window, file.Windows - 1));
            }

            var before = Stopwatch.GetTimestamp();
            var answered = session.Run();
            var milliseconds = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
            if (!answered)
            {
                continue;
            }

            Save(job.Name, window);
            double? seconds = windows > 1 ? files[0].SecondsOf(window) : null;
            var objects = Objects(files[0]);
            answers.Add(new Answer(
                job.Name, seconds, milliseconds, objects is null ? Outputs() : [], objects));
        }
    }

    OutputAnswer[] Outputs()
    {
        var answers = new OutputAnswer[session.OutputCount];
        for (var i = 0; i < answers.Length; i++)
        {
            TensorView output = session.Output(i);
            // One number is an answer, and so is a vector; a map of numbers is not.
            var isVector = output.Elements == output.Shape.Dims.ToArray().DefaultIfEmpty(1).Max();
            answers[i] = new OutputAnswer(
                output.Name, output.DType, output.Shape,
                isVector ? Ranking.Top(Elements.ToReals(output), top, labels) : []);
        }

        return answers;
    }

    Detection[]? Objects(InputFile file)
    {
        if (detections is null)
        {
            return null;
        }

        TensorFeed.IsPicture(session.Input(0).Shape, out var height, out var width, out _);
        var image = file.Image;
        var picture = image is null ? (width, height) : (image.Width, image.Height);
        var placement = image is null ? new Placement(0, 0, width, height) : file.Placement;
        var objects = detections.Read(threshold, labels, picture, placement, (width, height));
        if (drawFile is not null)
        {
            Draw(image, objects);
        }

        return objects;
    }

    void Draw(Image? image, Detection[] objects)
    {
        var canvas = new Canvas(
            image ?? throw new UsageException("--draw: needs a picture as input"));
        foreach (var found in objects)
        {
            var name = found.Label.Length > 0 ? found.Label : $"class {found.Index}";
            canvas.Box(
                found.Left, found.Top, found.Right, found.Bottom,
                $"{name} {100 * found.Score:0}%", found.Index);
        }

        PngWriter.Save(canvas.Image, drawFile!);
    }

    void Save(string name, int window)
    {
        if (outputFolder is null)
        {
            return;
        }

        var stem = Path.GetFileNameWithoutExtension(name).Replace(' ', '_');
        var part = window > 0 ? $"_{window}" : "";
        for (var i = 0; i < session.OutputCount; i++)
        {
            File.WriteAllBytes(
                Path.Combine(outputFolder, $"{stem}{part}_out{i}.bin"),
                session.Output(i).AsBytes());
        }
    }
}
