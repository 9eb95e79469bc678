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
app.Run(args);
if (asksForHelp)
{
    Console.WriteLine(Examples);
    return 0;
}

return ModelsCommand.Entered || args[0] == "--version" ? Environment.ExitCode : 2;
