using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace EdgeDL.Testing;

/// <summary>
/// Feeds damaged files to a reader and holds it to its promise: a result or a typed exception, at
/// most a second, at most a budget of managed memory. If the process dies, the guilty bytes are
/// in <see cref="LastTriedPath"/>.
/// </summary>
public sealed class FuzzTarget : IDisposable
{
    const int HeadBytes = 8;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    readonly string name;
    readonly Action<byte[]> feed;
    readonly long budgetBytes;
    readonly MemoryMappedFile lastTried;
    readonly MemoryMappedViewAccessor lastTriedView;
    readonly List<string> findings = [];

    /// <param name="name">Names findings and the file of the last try.</param>
    /// <param name="largest">The longest file that will be fed, in bytes.</param>
    /// <param name="feed">Reads the bytes; throws what the reader throws.</param>
    /// <param name="budgetBytes">Managed bytes that one try may allocate.</param>
    public FuzzTarget(string name, int largest, Action<byte[]> feed, long budgetBytes)
    {
        this.name = name;
        this.feed = feed;
        this.budgetBytes = budgetBytes;
        LastTriedPath = Path.Combine(Path.GetTempPath(), $"edgedl-fuzz-{name}-last.bin");
        long capacity = largest + HeadBytes;
        lastTried = MemoryMappedFile.CreateFromFile(
            LastTriedPath, FileMode.Create, null, capacity);
        lastTriedView = lastTried.CreateViewAccessor();
    }

    /// <summary>Eight bytes of length, then the bytes that were fed last.</summary>
    public string LastTriedPath { get; }

    /// <summary>How many were taken as valid, and how many were refused.</summary>
    public int Accepted { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Feeds one file.</summary>
    public void Try(byte[] bytes, string how)
    {
        lastTriedView.Write(0, (long)bytes.Length);
        lastTriedView.WriteArray(HeadBytes, bytes, 0, bytes.Length);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan took = Feed(bytes, how);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (allocated > budgetBytes)
        {
            Find(how, $"allocated {allocated} bytes, the budget is {budgetBytes}");
        }

        // A busy machine may hold up one try; bytes that are slow are slow every time.
        for (int again = 0; took > Longest && again < 2 && !Debugger.IsAttached; again++)
        {
            took = TimeSpan.FromTicks(Math.Min(took.Ticks, Feed(bytes, how).Ticks));
        }

        if (took > Longest && !Debugger.IsAttached)
        {
            Find(how, $"took {took.TotalSeconds:F1} s");
        }
    }

    TimeSpan Feed(byte[] bytes, string how)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            feed(bytes);
            Accepted++;
        }
        catch (EdgeDLException e) when (e.Message.Length > 0)
        {
            Refused++;
        }
        catch (Exception e)
        {
            const int Frames = 3;
            string frames = string.Join(' ',
                (e.StackTrace ?? "").Split('\n').Take(Frames).Select(f => f.Trim()));
            Find(how, $"{e.GetType().Name}: {e.Message} {frames}");
        }

        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Throws if anything was found.</summary>
    public void AssertClean()
    {
        if (findings.Count > 0)
        {
            throw new CheckFailedException(
                $"{name}: {findings.Count} findings{Environment.NewLine}  "
                + string.Join(Environment.NewLine + "  ", findings.Take(20)));
        }
    }

    public void Dispose()
    {
        lastTriedView.Dispose();
        lastTried.Dispose();
        File.Delete(LastTriedPath);
    }

    void Find(string how, string what) => findings.Add($"{how}: {what}");
}
