using ConsoleAppFramework;
using EdgeDL.Bench;

const string Examples = """

    Examples:
      tools/build && out/linux-x64/edgedl-bench models out/models
      edgedl-bench models out/models/kws_int8.edl --threads 1,4 --output kws.md

    Exit codes: 0 within the limits, 1 over one, 2 usage, 4 a model was rejected.
    """;

var asksForHelp = args.Length == 0 || args.Contains("--help") || args.Contains("-h");
if (!asksForHelp && args[0] is not ("models" or "--version"))
{
    Console.Error.WriteLine($"edgedl-bench: unknown command '{args[0]}'; see --help");
    return 2;
}

ConsoleApp.Version = typeof(ModelsCommand).Assembly.GetName().Version!.ToString(3);
ConsoleApp.LogError = message => Console.Error.WriteLine($"edgedl-bench: {message}");
var app = ConsoleApp.Create();
app.Add<ModelsCommand>();
app.Run(OptionsFirst(args));
if (asksForHelp)
{
    Console.WriteLine(Examples);
    return 0;
}

return ModelsCommand.Entered || args[0] == "--version" ? Environment.ExitCode : 2;

// The framework takes everything behind the first file for files: options go before them.
static string[] OptionsFirst(string[] args)
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
        if (i + 1 < args.Length && args[i] is not ("--help" or "-h"))
        {
            options.Add(args[++i]);
        }
    }

    return [.. args.Take(1), .. options, .. files];
}
