using ConsoleAppFramework;
using EdgeDL.Bench;
using EdgeDL.Bench.Arm64;
using EdgeDL.Bench.Arm64.Counting;
using EdgeDL.Bench.Compare;
using EdgeDL.Bench.Generated;
using EdgeDL.Bench.Micro;
using EdgeDL.Bench.Peak;

const string Examples = """

    Examples:
      edgedl-bench compare --seconds 1 --threads 1 ../shared/assets/mlperf-tiny
      edgedl-bench compare kws.edl --json
      edgedl-bench kernels --assert
      edgedl-bench peak
      edgedl-bench generate out/models
      edgedl-bench mca out/linux-arm64/edgedl
      edgedl-bench instructions out/linux-arm64/edgedl-bench
      tools/build && out/linux-x64/edgedl-bench models out/models

    Exit codes: 0 ok, 1 over a limit or a check failed, 2 usage, 4 a model was rejected.
    """;

string[] commands =
[
    "models", "compare", "kernels", "peak", "generate", "spills", "mca", "instructions",
    "counted", "--version",
];
string[] flags = ["--help", "-h", "--json", "--assert"];
var asksForHelp = args.Length == 0 || args.Contains("--help") || args.Contains("-h");
if (!asksForHelp && !commands.Contains(args[0]))
{
    Console.Error.WriteLine($"edgedl-bench: unknown command '{args[0]}'; see --help");
    return Exit.Usage;
}

ConsoleApp.Version = typeof(ModelsCommand).Assembly.GetName().Version!.ToString(3);
ConsoleApp.LogError = message => Console.Error.WriteLine($"edgedl-bench: {message}");
var app = ConsoleApp.Create();
app.Add<ModelsCommand>();
app.Add<CompareCommand>();
app.Add<KernelsCommand>();
app.Add<PeakCommand>();
app.Add<GenerateCommand>();
app.Add<SpillsCommand>();
app.Add<McaCommand>();
app.Add<InstructionsCommand>();
app.Add<CountedCommand>();
app.Run(OptionsFirst(args));
if (asksForHelp)
{
    Console.WriteLine(Examples);
    return Exit.Ok;
}

return Exit.Entered || args[0] == "--version" ? Environment.ExitCode : Exit.Usage;

// The framework takes everything behind the first file for files: options go before them.
string[] OptionsFirst(string[] args)
{
    var options = new List<string>();
    var files = new List<string>();
    for (var i = 1; i < args.Length; i++)
    {
        if (!args[i].StartsWith('-'))
        {
            files.Add(args[i]);
            continue;
        }

        options.Add(args[i]);
        if (i + 1 < args.Length && !flags.Contains(args[i]))
        {
            options.Add(args[++i]);
        }
    }

    return [.. args.Take(1), .. options, .. files];
}
