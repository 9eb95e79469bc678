using EdgeDL.Devices.Media;

namespace EdgeDL.Pi;

/// <summary>The command line asks for something that cannot be.</summary>
sealed class UsageException(string message) : Exception(message);

/// <summary>Turns every failure into one line and an exit code.</summary>
static class Guard
{
    /// <summary>Whether a command has begun: before that, failures are of the command line.
    /// </summary>
    public static bool Entered { get; private set; }

    public static int Run(bool debug, Func<int> command)
    {
        Entered = true;
        try
        {
            return command();
        }
        catch (Exception e) when (CodeOf(e) is { } code)
        {
            var message = e is IOException or UnauthorizedAccessException
                ? "reading or writing failed; check paths, permissions and free space"
                : e.Message.ReplaceLineEndings(" ");
            Console.Error.WriteLine($"edgedl: {message}");
            if (debug)
            {
                Console.Error.WriteLine(e);
            }

            return code;
        }
    }

    static int? CodeOf(Exception e) => e switch
    {
        MediaException or UsageException => ExitCodes.Usage,
        EdgeDLException => ExitCodes.ModelRejected,
        IOException or UnauthorizedAccessException => ExitCodes.Usage,
        _ => null,
    };
}
