using System.Globalization;
using EdgeDL.Host.Measuring;

namespace EdgeDL.Cli.Tests;

// Alone: what other tests run meanwhile would fault the code in again.
[CollectionDefinition(nameof(CodePagesTests), DisableParallelization = true)]
[Collection(nameof(CodePagesTests))]
public class CodePagesTests
{
    [Fact]
    public void Code_that_is_given_back_leaves_memory()
    {
        var before = ResidentCode();
        CodePages.GiveBack();
        var after = ResidentCode();

        // What reads the map faults in again: the runtime's code is many megabytes, that is little.
        Assert.True(after < before / 2, $"{before} bytes of code before, {after} after");
    }

    // The resident bytes of mapped files that may be executed and not written, from the kernel's
    // own account (proc(5), /proc/pid/smaps).
    static long ResidentCode()
    {
        var total = 0L;
        var isCode = false;
        foreach (var line in File.ReadAllLines("/proc/self/smaps"))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!fields[0].EndsWith(':'))
            {
                isCode = fields[1] == "r-xp" && fields[^1].StartsWith('/');
            }
            else if (isCode && fields[0] == "Rss:")
            {
                total += 1024 * long.Parse(fields[1], CultureInfo.InvariantCulture);
            }
        }

        return total;
    }
}
