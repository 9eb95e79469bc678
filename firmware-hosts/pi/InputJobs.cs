using EdgeDL.Devices.Feeds;
using EdgeDL.Devices.Media;
using EdgeDL.Execution;

namespace EdgeDL.Pi;

/// <summary>One file for each input of the model, opened when its turn comes.</summary>
sealed record InputJob(string Name, Func<InputFile[]> Open);

/// <summary>What <c>--input</c> asks for, as jobs.</summary>
static class InputJobs
{
    const string StandardInput = "-";

    public static IEnumerable<InputJob> Parse(Session session, string[] specs, ResizeFilter filter)
    {
        if (session.InputCount == 1)
        {
            return specs.SelectMany(spec => FilesOf(Split(session, spec).Path))
                .Select(path => new InputJob(
                    NameOf(path), () => [Open(session, 0, path, filter)]));
        }

        return [Several(session, specs, filter)];
    }

    static InputJob Several(Session session, string[] specs, ResizeFilter filter)
    {
        var paths = new string?[session.InputCount];
        var next = 0;
        foreach (var spec in specs)
        {
            var (index, path) = Split(session, spec);
            var at = index ?? next++;
            if (at >= paths.Length || paths[at] is not null)
            {
                throw new UsageException($"--input {spec}: the model has {Names(session)}");
            }

            paths[at] = path;
        }

        if (Array.IndexOf(paths, null) is >= 0 and var missing)
        {
            throw new UsageException(
                $"no --input for '{session.Input(missing).Name}': the model has {Names(session)}");
        }

        return new InputJob(
            NameOf(paths[0]!),
            () => [.. paths.Select((path, i) => Open(session, i, path!, filter))]);
    }

    // NAME= counts only if the model has the name: files may have = in theirs.
    static (int? Index, string Path) Split(Session session, string spec)
    {
        var equals = spec.IndexOf('=');
        if (equals > 0 && !File.Exists(spec))
        {
            for (var i = 0; i < session.InputCount; i++)
            {
                if (spec.AsSpan(0, equals).SequenceEqual(session.Input(i).Name))
                {
                    return (i, spec[(equals + 1)..]);
                }
            }

            throw new UsageException($"--input {spec}: the model has {Names(session)}");
        }

        return (null, spec);
    }

    static string Names(Session session) =>
        (session.InputCount == 1 ? "the input " : "the inputs ")
        + string.Join(", ", Enumerable.Range(0, session.InputCount)
            .Select(i => $"'{session.Input(i).Name}'"));

    static string[] FilesOf(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        var files = Directory.GetFiles(path);
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0
            ? files
            : throw new UsageException($"{path}: is an empty directory; name one with files");
    }

    static InputFile Open(Session session, int index, string path, ResizeFilter filter)
    {
        var input = session.Input(index);
        var record = session.Model.Preprocessing.Find(p => p.Input == index);
        if (path != StandardInput)
        {
            return InputFile.Open(path, input, record, filter);
        }

        using var stream = Console.OpenStandardInput();
        var bytes = MediaFile.Read(stream, NameOf(path), MediaLimits.Default.FileBytes);
        return InputFile.Of(bytes, NameOf(path), input, record, filter);
    }

    static string NameOf(string path) => path == StandardInput ? "standard input" : path;
}
