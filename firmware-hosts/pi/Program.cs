using ConsoleAppFramework;
using EdgeDL.Pi;

string[] commands = ["run", "bench", "info", "doctor"];
var asksForHelp = args.Length == 0 || args.Contains("--help") || args.Contains("-h");
if (!asksForHelp && args[0] != "--version" && !commands.Contains(args[0]))
{
    Console.Error.WriteLine($"edgedl: unknown command '{args[0]}'; see edgedl --help");
    return ExitCodes.Usage;
}

ConsoleApp.Version = typeof(RunCommand).Assembly.GetName().Version!.ToString(3);
ConsoleApp.LogError = message => Console.Error.WriteLine($"edgedl: {message}");
var app = ConsoleApp.Create();
app.Add<RunCommand>();
app.Add<BenchCommand>();
app.Add<InfoCommand>();
app.Add<DoctorCommand>();
app.Run(Arguments.Prepare(args));
if (asksForHelp)
{
    Console.WriteLine(Examples.Text);
    return ExitCodes.Ok;
}

// The framework reports a bad command line with 0 or 1; here 1 means that a check failed.
return Guard.Entered || args[0] == "--version" ? Environment.ExitCode : ExitCodes.Usage;
