using ConsoleAppFramework;

namespace EdgeDL.Pack;

/// <summary>Exit codes, and how errors reach the user: one line, no stack trace.</summary>
static class Exit
{
    public const int Ok = 0;
    public const int CheckFailed = 1;
    public const int Usage = 2;
    public const int Rejected = 4;

    static bool commandRan;

    /// <summary>Runs the command line and returns the exit code.</summary>
    public static int Run(ConsoleApp.ConsoleAppBuilder app, string[] args)
    {
        bool help = args.Length == 0 || args.Contains("--help") || args.Contains("-h");
        app.Run(args);
        if (help)
        {
            Console.WriteLine(Examples.For(args.FirstOrDefault() ?? ""));
            return Ok;
        }

        // The framework says 1 for arguments that it can't read; then no command has run.
        return commandRan || args.Contains("--version") ? Environment.ExitCode : Usage;
    }

    /// <summary>Runs a command's body; what it throws becomes one line and a code.</summary>
    public static int Guard(bool debug, Func<int> body)
    {
        commandRan = true;
        try
        {
            return body();
        }
        catch (UsageException e)
        {
            return Say(e, debug, Usage);
        }
        catch (EdgeDLException e)
        {
            return Say(e, debug, Rejected);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Say(e, debug, Usage);
        }
    }

    static int Say(Exception e, bool debug, int code)
    {
        Console.Error.WriteLine(debug ? e.ToString() : $"edgedl-pack: {e.Message}");
        return code;
    }
}

/// <summary>An argument can't be used; the message says which and what would do.</summary>
sealed class UsageException(string message) : Exception(message);
